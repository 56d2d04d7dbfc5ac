"""A runtime class of MLServer: scores texts by a list of words, which stands for a model of your own."""
import json
import os

from mlserver import MLModel
from mlserver.codecs import NumpyCodec, StringCodec
from mlserver.types import InferenceRequest, InferenceResponse

import numpy as np


class Sentiment(MLModel):
    async def load(self) -> bool:
        with open(os.path.join(os.path.dirname(__file__), "words.json"), encoding="utf-8") as file:
            self._words = json.load(file)
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        texts = StringCodec.decode_input(payload.inputs[0])
        scores = [sum(self._words.get(word, 0) for word in text.lower().split()) for text in texts]
        output = NumpyCodec.encode_output("score", np.array(scores, dtype=np.int64))
        return InferenceResponse(model_name=self.name, outputs=[output])
