"""MLServer's runtime of Alibi Detect, which tells what it found: of each row as a metric, and of what is to be looked at as a line of JSON.

https://github.com/SeldonIO/MLServer/blob/1.7.1/runtimes/alibi-detect/mlserver_alibi_detect/runtime.py
The runtime itself counts drift (`seldon_model_drift`) and no outliers, and MLServer shows what is counted by its `register` and `log` only where it has workers (https://github.com/SeldonIO/MLServer/issues/1151):
what is counted here is in Prometheus' own registry, which is always shown. The sum is how often it was found, the count how often it was looked for.
"""
import json
from datetime import datetime, timezone

import numpy as np
from mlserver_alibi_detect import AlibiDetectRuntime
from prometheus_client import Summary

FOUND = {"is_outlier": "outlier", "is_drift": "drift"}
SERIES = {
    "outlier": Summary("model_outlier", "Rows that were looked at, 1 for an outlier", ["model_name"]),
    "drift": Summary("model_drift", "Tests of drift, 1 where there is some", ["model_name"]),
}


class CountingDetector(AlibiDetectRuntime):
    async def load(self):
        ready = await super().load()
        if self.alibi_type in SERIES:
            SERIES[self.alibi_type].labels(self.name)  # is there at 0 before anything is looked at
        return ready

    async def predict(self, payload):
        response = await super().predict(payload)
        for output in response.outputs:
            if output.name in FOUND:
                self._tell(FOUND[output.name], payload, np.asarray(output.data).ravel())
        return response

    def _tell(self, what, payload, values):
        # of a test of each feature there is drift where any has some
        each = values if what == "outlier" else [values.max(initial=0)]
        for value in each:
            SERIES[what].labels(self.name).observe(int(value))
        places = [place for place, value in enumerate(each) if value]
        if places:
            told = {"time": datetime.now(timezone.utc).isoformat(), "event": what, "detector": self.name, "request": payload.id, "rows": places if what == "outlier" else None}
            print(json.dumps({key: value for key, value in told.items() if value is not None}), flush=True)
