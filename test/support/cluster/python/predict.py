"""predict.py CONFIG: asks a V2 server for all rows at once, by REST with curl-like JSON, and by gRPC; prints both lists of answers."""
import json
import sys
import urllib.request

import grpc
from tritonclient.grpc import service_pb2, service_pb2_grpc

config = json.loads(sys.argv[1])
rows, model = config["rows"], config["model"]
shape, flat = [len(rows), len(rows[0])], [value for row in rows for value in row]
answers = {}

if config.get("rest"):
    body = {"inputs": [{"name": "predict", "shape": shape, "datatype": "FP32", "data": flat}]}
    request = urllib.request.Request(
        f"http://{config['rest']}/v2/models/{model}/infer", json.dumps(body).encode(), {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as response:
        answers["rest"] = json.load(response)["outputs"][0]["data"]

if config.get("grpc"):
    tensor = service_pb2.ModelInferRequest.InferInputTensor(name="predict", shape=shape, datatype="FP32")
    tensor.contents.fp32_contents.extend(flat)
    with grpc.insecure_channel(config["grpc"]) as channel:
        answer = service_pb2_grpc.GRPCInferenceServiceStub(channel).ModelInfer(
            service_pb2.ModelInferRequest(model_name=model, inputs=[tensor]), timeout=30)
    answers["grpc"] = list(answer.outputs[0].contents.int64_contents)

print(json.dumps(answers))
