"""Logged payloads as rows: requests and responses of one id side by side, a column a feature.

Read are CloudEvents in JSON, a line each, whose data is a request or a response of the Open Inference Protocol (V2) or of V1. A line that is
none is counted and left out: one broken line must not end the monitoring of a model.
"""
import base64
import json
from dataclasses import dataclass, field
from datetime import datetime, timezone

REQUEST = "org.kubeflow.serving.inference.request"
RESPONSE = "org.kubeflow.serving.inference.response"
GROUND_TRUTH = "dev.cdk8s-serving.ground-truth"


@dataclass
class Features:
    """Which columns there are, in the order in which a tensor without names has them."""
    numerical: list
    categorical: list
    order: list


@dataclass
class Rows:
    """What a window holds."""
    columns: dict = field(default_factory=dict)  # name -> values, all of one length
    predictions: list = field(default_factory=list)
    versions: list = field(default_factory=list)
    keys: list = field(default_factory=list)  # (id of the request, number of the row within it)
    labels: dict = field(default_factory=dict)  # id of the request -> what turned out to be right, a value a row
    broken: int = 0  # lines or payloads that could not be read
    unpaired: int = 0  # requests without a response, and responses without a request


def read(lines, since, until, service, features, output=None, classes=()):
    """The rows of events from `since` to `until`, in seconds since 1970. A response may come after the end: it belongs to its request."""
    requests, responses, rows = {}, {}, Rows()
    for line in lines:
        if not line.strip():
            continue
        try:
            event = json.loads(line)
            kind, key, at = event["type"], str(event["id"]), _seconds(event["time"])
            if service not in (None, event.get("inferenceservicename", service)):
                continue
            data = event["data"] if "data" in event else json.loads(base64.b64decode(event["data_base64"]))
            if kind == GROUND_TRUTH:
                rows.labels[key] = list(data["labels"])
            elif kind == REQUEST and since <= at < until:
                requests.setdefault(key, data)
            elif kind == RESPONSE and at >= since:
                responses.setdefault(key, (data, event.get("modelversion") or data.get("model_version") or ""))
        except (ValueError, KeyError, TypeError, AttributeError):
            rows.broken += 1
    rows.columns = {name: [] for name in features.order}
    for key, request in requests.items():
        answer = responses.get(key)
        if answer is None:
            rows.unpaired += 1
            continue
        try:
            inputs = _inputs(request, features)
            predicted = _predictions(answer[0], output, classes)
            count = len(predicted)
            if any(len(values) != count for values in inputs.values()):
                raise ValueError("the response has another number of rows than the request")
        except (ValueError, KeyError, TypeError, AttributeError, IndexError):
            rows.broken += 1
            continue
        for name in features.order:
            rows.columns[name] += inputs[name]
        rows.predictions += predicted
        rows.versions += [str(answer[1])] * count
        rows.keys += [(key, number) for number in range(count)]
    return rows


def _seconds(text):
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp()


def _inputs(request, features):
    """A list of values for each feature: by the inputs' names, or by place in the one input that has all that are left."""
    if "instances" in request:
        return _instances(request["instances"], features)
    columns, unnamed = {}, []
    for tensor in request["inputs"]:
        if tensor["name"] in features.order:
            columns[tensor["name"]] = _flat(tensor["data"])
        else:
            unnamed.append(tensor)
    left = [name for name in features.order if name not in columns]
    if left:
        tensor = unnamed[0]
        rows = _table(tensor)
        if any(len(row) != len(left) for row in rows):
            raise ValueError("a row has another number of values than there are features")
        columns.update({name: [row[place] for row in rows] for place, name in enumerate(left)})
    return {name: [_value(value, name in features.numerical) for value in columns[name]] for name in features.order}


def _instances(instances, features):
    rows = [one if isinstance(one, dict) else dict(zip(features.order, one if isinstance(one, list) else [one], strict=True)) for one in instances]
    return {name: [_value(row.get(name), name in features.numerical) for row in rows] for name in features.order}


def _predictions(answer, output, classes):
    """One prediction a row: a class or a number. Where there are several values a row they are scores, and the highest is the prediction."""
    if "predictions" in answer:
        rows = [one if isinstance(one, list) else [one] for one in answer["predictions"]]
    else:
        named = [one for one in answer["outputs"] if output in (None, one["name"])]
        rows = _table(named[0])
    predicted = [row[0] if len(row) == 1 else max(range(len(row)), key=row.__getitem__) for row in rows]
    return [classes[int(one)] if classes else one for one in predicted]


def _table(tensor):
    """A tensor as a list of rows; data may be flat or nested."""
    values, shape = _flat(tensor["data"]), tensor["shape"]
    count = int(shape[0]) if shape else 1
    if count < 1 or len(values) % count != 0:
        raise ValueError("data does not fit the shape")
    width = len(values) // count
    return [values[start:start + width] for start in range(0, len(values), width)]


def _flat(data):
    if not isinstance(data, list):
        return [data]
    return [value for one in data for value in (_flat(one) if isinstance(one, list) else [one])]


def _value(value, numerical):
    if value is None:
        return None
    if numerical:
        return float(value)
    return str(value)
