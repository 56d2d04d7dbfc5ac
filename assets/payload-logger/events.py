"""Copies of requests and answers as CloudEvents 1.0, with the attributes that KServe's agent gives them.

https://github.com/kserve/kserve/blob/v0.20.0/pkg/logger/worker.go
"""
import base64
import json
import uuid
import zlib
from datetime import datetime, timezone

REQUEST = "org.kubeflow.serving.inference.request"
RESPONSE = "org.kubeflow.serving.inference.response"


class Events:
    def __init__(self, settings):
        self.attributes = {"specversion": "1.0", "source": settings["source"], "inferenceservicename": settings["service"], "namespace": settings["namespace"], "component": "predictor", "endpoint": "default"}
        if settings.get("version"):
            self.attributes["modelversion"] = settings["version"]
        self.mode, self.headers, self.excluded = settings["mode"], settings["headers"], set(settings["exclude"])

    def of(self, request, asked, response, answered, at, until):
        """The events of one prediction: of the request, of the response, or both, with one id."""
        bodies = [_json(head, body) for head, body in ((request, asked), (response, answered))]
        key = _id(request, bodies)
        found = []
        for kind, head, body, data, moment in ((REQUEST, request, asked, bodies[0], at), (RESPONSE, response, answered, bodies[1], until)):
            if self.mode not in ("both", "requests" if kind == REQUEST else "responses"):
                continue
            event = {**self.attributes, "id": key, "type": kind, "time": datetime.fromtimestamp(moment, timezone.utc).isoformat(), "datacontenttype": head.headers.get(b"content-type", b"application/json").decode("latin-1")}
            if kind == REQUEST and self.headers:
                told = {name: head.headers[name.encode()].decode("latin-1") for name in self.headers if name.encode() in head.headers}
                event["metadata"] = json.dumps(told)
            if data is not None:
                event["data"] = self._without(data)
            elif not self.excluded:  # what can't be read can't be left out either
                event["data_base64"] = base64.b64encode(body).decode()
            else:
                event["data"] = None
            found.append(event)
        return found

    def _without(self, data):
        """A payload without the inputs and outputs that are not to be kept."""
        if not self.excluded or not isinstance(data, dict):
            return data
        data = dict(data)
        for key in ("inputs", "outputs"):
            if isinstance(data.get(key), list):
                data[key] = [{name: value for name, value in one.items() if name != "data"} if isinstance(one, dict) and one.get("name") in self.excluded else one for one in data[key]]
        for key in ("instances", "predictions"):
            if isinstance(data.get(key), list):
                data[key] = [{name: value for name, value in one.items() if name not in self.excluded} if isinstance(one, dict) else one for one in data[key]]
        return {name: value for name, value in data.items() if name not in self.excluded}


def _json(head, body):
    try:
        if head.headers.get(b"content-encoding", b"identity") == b"gzip":
            body = zlib.decompress(body, 31)
        return json.loads(body)
    except (ValueError, zlib.error):
        return None


def _id(request, bodies):
    """What the client calls the request, else what the server does, else a new one."""
    for name in (b"x-request-id", b"ce-id"):
        if request.headers.get(name):
            return request.headers[name].decode("latin-1")
    for body in bodies:
        if isinstance(body, dict) and isinstance(body.get("id"), str) and body["id"]:
            return body["id"]
    return str(uuid.uuid4())
