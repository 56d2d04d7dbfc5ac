"""logger.py SETTINGS: stands before a model's server, passes requests on and tells a sink what was asked and answered.

SETTINGS is a JSON file. Python's standard library alone. On SIGUSR1, at the beginning of a pod's end, its answers close their connections, so that clients go elsewhere.
On the signal to stop it takes no more connections, ends those that there are and sends what is left.
"""
import asyncio
import json
import os
import random
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from events import Events
from proxy import MOST_HEAD, Proxy
from sender import Sender, exposition


def sinks_of(settings):
    """The settings of each sink: the one that all is logged to, if there is one, and detectors."""
    return [*([settings] if "url" in settings else []), *({**settings, **detector} for detector in settings.get("detectors", []))]


def wanted_by(settings):
    """Which requests are kept a copy of: predictions, and of those as many as the sink that takes the most."""
    prefixes, most = tuple(path.encode() for path in settings["paths"]), max(sink["samplePercent"] for sink in sinks_of(settings))
    kept_out = tuple(path.encode() for path in settings["notPaths"])

    def wanted(request):
        path = request.first[1]
        return request.first[0] == b"POST" and path.startswith(prefixes) and not path.startswith(kept_out) and random.random() < most / 100

    return wanted, most


class Sinks:
    """Hands each copy to those sinks that take it."""

    def __init__(self, settings, most):
        self.senders = [(sink["samplePercent"] / (most or 1), Sender(sink, Events(sink))) for sink in sinks_of(settings)]

    def take(self, *copy):
        for share, sender in self.senders:
            if share >= 1 or random.random() < share:
                sender.take(*copy)

    def metrics(self):
        return exposition([sender for _, sender in self.senders])

    def stop(self, seconds):
        threads = [threading.Thread(target=sender.stop, args=(seconds,)) for _, sender in self.senders]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def serve_metrics(port, sinks):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = sinks.metrics().encode() if self.path == "/metrics" else b""
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    threading.Thread(target=ThreadingHTTPServer(("", port), Handler).serve_forever, daemon=True).start()


async def run(settings):
    wanted, most = wanted_by(settings)
    sinks = Sinks(settings, most)
    serve_metrics(settings["metricsPort"], sinks)
    proxy = Proxy(settings["target"], wanted, settings["mostBytes"], sinks.take)
    server = await asyncio.start_server(proxy.serve, "", settings["port"], limit=MOST_HEAD, backlog=1024)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    loop.add_signal_handler(signal.SIGUSR1, lambda: setattr(proxy, "draining", True))
    print(f"port {settings['port']} to {settings['target']}, payloads to {', '.join(sink['url'] for sink in sinks_of(settings))}", flush=True)
    await stop.wait()
    server.close()
    # the server has gone by then, and its connections with it; those that are left get a moment
    if proxy.connections:
        await asyncio.wait(set(proxy.connections), timeout=settings["stopSeconds"])
    await asyncio.to_thread(sinks.stop, settings["stopSeconds"])


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        settings = json.load(file)
    settings.setdefault("namespace", os.environ.get("POD_NAMESPACE"))
    asyncio.run(run(settings))


if __name__ == "__main__":
    main()
