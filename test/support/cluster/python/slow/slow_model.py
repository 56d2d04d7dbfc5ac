"""An MLServer runtime whose model takes its time to load, as one of many gigabytes does: nothing else runs meanwhile."""
import os
import time

from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceRequest, InferenceResponse


class SlowModel(MLModel):
    async def load(self) -> bool:
        time.sleep(float(os.environ["SLOW_MODEL_SECONDS"]))
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        rows = NumpyCodec.decode_input(payload.inputs[0])
        return InferenceResponse(model_name=self.name, outputs=[NumpyCodec.encode_output("predict", rows.sum(axis=1))])
