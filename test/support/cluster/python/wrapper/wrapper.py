"""A team's own FastAPI server for the iris model: V2 by REST, and nothing of MLServer."""
import os

import joblib
import numpy
from fastapi import FastAPI, HTTPException, Request

NAME = os.environ["MODEL_NAME"]
model = joblib.load(os.path.join(os.environ["MODEL_PATH"], "model.joblib"))
app = FastAPI()


@app.get("/v2/health/live")
@app.get("/v2/health/ready")
@app.get(f"/v2/models/{NAME}/ready")
def healthy():
    return {"ready": True}


@app.post("/v2/models/{name}/infer")
async def infer(name: str, request: Request):
    if name != NAME:
        raise HTTPException(404, f"no model {name}")
    tensor = (await request.json())["inputs"][0]
    rows = numpy.array(tensor["data"], dtype="float32").reshape(tensor["shape"])
    answers = model.predict(rows).tolist()
    return {"model_name": NAME, "outputs": [{"name": "predict", "shape": [len(answers)], "datatype": "INT64", "data": answers}]}
