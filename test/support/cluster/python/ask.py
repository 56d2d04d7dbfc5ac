"""ask.py CONFIG, with CONFIG = {"address": "host:port", "host": "name", "posts": ["/path", ..], "methods": ["/service/Method", ..]}:
sends an empty JSON object to each path and an empty message to each method of gRPC; prints the status of each answer, by path and method.
"""
import json
import sys
import urllib.error
import urllib.request

import grpc

config = json.loads(sys.argv[1])
told = {}

for path in config.get("posts", []):
    request = urllib.request.Request(f"http://{config['address']}{path}", b"{}", {"content-type": "application/json", "host": config["host"]})
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            told[path] = response.status
    except urllib.error.HTTPError as error:
        told[path] = error.code

with grpc.insecure_channel(config["address"], [("grpc.default_authority", config["host"])]) as channel:
    for method in config.get("methods", []):
        try:
            channel.unary_unary(method, lambda body: body, lambda body: body)(b"", timeout=30)
            told[method] = "OK"
        except grpc.RpcError as error:
            told[method] = error.code().name

print(json.dumps(told))
