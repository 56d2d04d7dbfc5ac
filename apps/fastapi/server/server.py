"""A REST wrapper around a model of your own: here a line fitted by hand."""
from fastapi import FastAPI
from prometheus_fastapi_instrumentator import Instrumentator
from pydantic import BaseModel

app = FastAPI(title="price")
Instrumentator().instrument(app).expose(app, endpoint="/metrics", include_in_schema=False)

EURO_PER_SQUARE_METRE = 4200.0
EURO_PER_ROOM = 15000.0


class House(BaseModel):
    square_metres: float
    rooms: int


@app.get("/live")
def live() -> dict:
    return {"status": "alive"}


@app.get("/ready")
def ready() -> dict:
    return {"status": "ready"}


@app.post("/predict")
def predict(house: House) -> dict:
    return {"price": house.square_metres * EURO_PER_SQUARE_METRE + house.rooms * EURO_PER_ROOM}
