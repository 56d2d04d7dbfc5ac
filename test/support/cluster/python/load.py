"""Open-loop load: V2 predictions at fixed rates, whatever the server does, until stdin closes or the time is over.

load.py CONFIG, with CONFIG = {"seconds": 0 (until stdin closes), "timeout": 10, "rows": [[..]], "expected": [..], "streams": [
  {"name", "protocol": "rest" | "grpc", "address": "host:port", "model", "rate": per second, "connections": 0 (a fresh one each) or N kept, "host", "headers",
  "steps": [[seconds from the start, rate from then on]..]}]}
Prints one JSON object: by stream what was sent, right, wrong and lost, and how long answers took. Nothing that a server may have begun is sent twice.
"""
import asyncio
import json
import sys
import time

import aiohttp
import grpc
from tritonclient.grpc import service_pb2, service_pb2_grpc

# Channels as clients have them: no retry policy, so that nothing a server may have begun is sent again. What HTTP/2 itself hands back, as the server
# says with its GOAWAY that it never looked at it, the channel sends on another connection; with enable_retries=0 it would not, and 1 of 3,972 was lost.
CHANNEL = [("grpc.use_local_subchannel_pool", 1)]


class Rest:
    def __init__(self, stream, timeout):
        fresh = stream["connections"] == 0
        # uvicorn closes idle connections after 5 s; a client that lets go first never writes to one just closed.
        connector = aiohttp.TCPConnector(force_close=True, limit=0) if fresh else aiohttp.TCPConnector(limit=stream["connections"], keepalive_timeout=2)
        self.session = aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=timeout))
        self.headers = {**stream["headers"], "host": stream["host"]}
        self.url = f"http://{stream['address']}/v2/models/{stream['model']}/infer"

    async def predict(self, row):
        tensor = {"name": "predict", "shape": [1, len(row)], "datatype": "FP32", "data": row}
        async with self.session.post(self.url, json={"inputs": [tensor]}, headers=self.headers) as response:
            if response.status != 200:
                raise RuntimeError(f"HTTP {response.status}")
            answer = await response.json()
            return answer["outputs"][0]["data"][0], answer.get("model_version") or ""

    async def close(self):
        await self.session.close()


class Grpc:
    def __init__(self, stream, timeout):
        self.address, self.model, self.timeout = stream["address"], stream["model"], timeout
        self.options = CHANNEL + [("grpc.default_authority", stream["host"])]
        self.metadata = list(stream["headers"].items())
        self.kept = [grpc.aio.insecure_channel(self.address, self.options) for _ in range(stream["connections"])]
        self.turn = 0

    async def predict(self, row):
        tensor = service_pb2.ModelInferRequest.InferInputTensor(name="predict", shape=[1, len(row)], datatype="FP32")
        tensor.contents.fp32_contents.extend(row)
        request = service_pb2.ModelInferRequest(model_name=self.model, inputs=[tensor])
        if self.kept:
            self.turn += 1
            return await self.ask(self.kept[self.turn % len(self.kept)], request)
        async with grpc.aio.insecure_channel(self.address, self.options) as channel:
            return await self.ask(channel, request)

    async def ask(self, channel, request):
        answer = await service_pb2_grpc.GRPCInferenceServiceStub(channel).ModelInfer(request, timeout=self.timeout, metadata=self.metadata)
        return answer.outputs[0].contents.int64_contents[0], answer.model_version

    async def close(self):
        for channel in self.kept:
            await channel.close()


def reason(error):
    if isinstance(error, grpc.aio.AioRpcError):
        return f"grpc {error.code().name}: {(error.details() or '')[:80]}"
    if isinstance(error, asyncio.TimeoutError):
        return "timeout"
    return f"{type(error).__name__}: {str(error)[:160]}"


class Stream:
    def __init__(self, settings, config):
        self.name, self.config = settings["name"], config
        self.steps = [[0, settings["rate"]], *settings.get("steps", [])]
        self.client = {"rest": Rest, "grpc": Grpc}[settings["protocol"]](settings, config["timeout"])
        self.sent = self.wrong = 0
        self.times, self.errors, self.first, self.versions, self.behind = [], {}, [], {}, 0.0

    async def one(self, number, start):
        row = number % len(self.config["rows"])
        began = time.monotonic()
        try:
            answer, version = await self.client.predict(self.config["rows"][row])
        except Exception as error:  # whatever it is, the caller of the model got no answer
            kind = reason(error)
            self.errors[kind] = self.errors.get(kind, 0) + 1
            if len(self.first) < 5:
                self.first.append({"second": round(began - start, 2), "after": round(time.monotonic() - began, 2), "at": time.strftime("%H:%M:%SZ", time.gmtime()), "kind": kind})
            return
        self.times.append(time.monotonic() - began)
        self.versions[version] = self.versions.get(version, 0) + 1
        self.wrong += int(answer) != self.config["expected"][row]

    async def drive(self, stopped):
        start, open_calls = time.monotonic(), set()
        due = start
        while not stopped.is_set():
            late = time.monotonic() - due
            if late < 0:
                await asyncio.sleep(-late)
                continue
            self.behind = max(self.behind, late)
            call = asyncio.create_task(self.one(self.sent, start))
            open_calls.add(call)
            call.add_done_callback(open_calls.discard)
            self.sent += 1
            due += 1 / next(rate for after, rate in reversed(self.steps) if due - start >= after)
        self.seconds = time.monotonic() - start
        await asyncio.gather(*open_calls)
        await self.client.close()

    def summary(self):
        times = sorted(self.times)
        at = lambda share: round(1000 * times[min(len(times) - 1, int(share * len(times)))], 1) if times else None
        failed = sum(self.errors.values())
        return {
            "sent": self.sent, "ok": len(times) - self.wrong, "failed": failed, "wrong": self.wrong,
            "rate": round(self.sent / max(self.seconds, 0.001), 1), "seconds": round(self.seconds, 1), "behindMs": round(1000 * self.behind),
            "p50": at(0.5), "p99": at(0.99), "max": at(1), "errors": self.errors, "firstErrors": self.first, "versions": self.versions,
        }


async def main():
    config = json.loads(sys.argv[1])
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()

    async def until_told():
        if config["seconds"]:
            await asyncio.sleep(config["seconds"])
        else:
            await loop.run_in_executor(None, sys.stdin.read)
        stopped.set()

    streams = [Stream(settings, config) for settings in config["streams"]]
    print("started", file=sys.stderr, flush=True)
    await asyncio.gather(until_told(), *(stream.drive(stopped) for stream in streams))
    print(json.dumps({stream.name: stream.summary() for stream in streams}))


asyncio.run(main())
