"""outliers.py: a detector of outliers on top of MLServer's runtime, asked three flowers of which the second is none. Prints what Prometheus reads, before and after.

Alibi Detect reads detectors of outliers from files with TensorFlow, which is not here: this one is fitted in place of that.
"""
import asyncio

from alibi_detect.od import IForest
from mlserver.settings import ModelParameters, ModelSettings
from mlserver.types import InferenceRequest
from mlserver_alibi_detect import runtime
from prometheus_client import generate_latest
from sklearn.datasets import load_iris

from detector import CountingDetector

flowers = load_iris().data
forest = IForest()
forest.fit(flowers)
forest.infer_threshold(flowers, threshold_perc=99)
runtime.load_detector = lambda uri: forest


async def main():
    model = CountingDetector(ModelSettings(name="iris-outlier", implementation=CountingDetector, parameters=ModelParameters(uri=".")))
    await model.load()
    print(generate_latest().decode())
    rows = [*flowers[60], 70.0, 50.0, 60.0, 40.0, *flowers[100]]
    await model.predict(InferenceRequest(id="one", inputs=[{"name": "x", "shape": [3, 4], "datatype": "FP64", "data": rows}]))
    print(generate_latest().decode())


asyncio.run(main())
