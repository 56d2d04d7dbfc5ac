"""An MLServer runtime that goes wrong as told, so that rollouts have something to judge.

FAULTY_FAIL_SHARE=0.3   that share of predictions raises, evenly spread: the 4th, 7th, 10th, 14th ...
FAULTY_DELAY_MS=400     each prediction takes that long; others are answered meanwhile
FAULTY_WRONG=true       answers are all wrong
FAULTY_VERSION=v2       comes back with each answer, as its model_version
A right answer is the rounded sum of the row. What faults.json beside this file says comes before the environment, which two versions may share.
"""
import asyncio
import json
import os
from pathlib import Path

import numpy
from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceRequest, InferenceResponse


class FaultyModel(MLModel):
    async def load(self) -> bool:
        beside = Path(__file__).with_name("faults.json")
        told = {**os.environ, **(json.loads(beside.read_text()) if beside.exists() else {})}
        self.share = float(told.get("FAULTY_FAIL_SHARE", "0"))
        self.delay = float(told.get("FAULTY_DELAY_MS", "0")) / 1000
        self.wrong = told.get("FAULTY_WRONG", "false") == "true"
        self.said = told.get("FAULTY_VERSION", "v1")
        self.asked = 0
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        self.asked += 1
        fails = int(self.asked * self.share) > int((self.asked - 1) * self.share)
        await asyncio.sleep(self.delay)
        if fails:
            raise RuntimeError("this prediction fails, as told")
        answers = numpy.rint(NumpyCodec.decode_input(payload.inputs[0]).sum(axis=1)).astype("int64")
        return InferenceResponse(
            model_name=self.name, model_version=self.said, outputs=[NumpyCodec.encode_output("predict", -1 - answers if self.wrong else answers)])
