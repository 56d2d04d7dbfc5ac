"""store.py FOLDER PORT METRICS_PORT DAYS MOST_BYTES: keeps what models were asked and answered, for as long as monitors look back.

    POST /                                       a CloudEvent (binary or structured) or a batch of them; lands in the file of its service and hour
    GET  /events/<namespace>/<service>?since=&until=   the lines of the hours from `since` to `until`, in seconds since 1970
    PUT  /results/<namespace>/<service>          what a monitor found, in Prometheus' text format; replaces what it found before
    GET  /healthz

On METRICS_PORT, /metrics tells of the store itself and gives every result again, so that one scrape sees them long after the monitor's pod has gone.
Python's standard library alone. Files are whole lines at any time: a store that is killed goes on where it was.
"""
import base64
import json
import os
import re
import shutil
import signal
import sys
import threading
import time
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

MOST_BODY = 64 * 2**20
HOUR = 3600
NAME = re.compile(r"[a-z0-9]([-a-z0-9]{0,251}[a-z0-9])?")


class Store:
    def __init__(self, folder, days, most_bytes):
        self.folder, self.seconds, self.most = Path(folder), days * 86400, most_bytes
        self.lock = threading.Lock()
        self.counts = {"received": 0, "refused": 0, "deleted": 0}
        (self.folder / "events").mkdir(parents=True, exist_ok=True)
        (self.folder / "results").mkdir(exist_ok=True)
        for part in self.folder.rglob("*.part"):
            part.unlink()
        for file in self.files():
            _end_line(file)

    def files(self):
        """All hours' files, the oldest hour first."""
        return sorted((self.folder / "events").rglob("*.jsonl"), key=lambda file: file.stem)

    def bytes(self):
        return sum(file.stat().st_size for file in self.files())

    def add(self, events):
        """Appends events to their services' files. OSError when the disk takes no more."""
        lines = {}
        for event in events:
            at = datetime.fromisoformat(event["time"].replace("Z", "+00:00")).astimezone(timezone.utc)
            place = (_name(event["namespace"]), _name(event["inferenceservicename"]), f"{at:%Y-%m-%dT%H}")
            lines.setdefault(place, []).append(json.dumps(event, separators=(",", ":"), ensure_ascii=False) + "\n")
        with self.lock:
            for (namespace, service, hour), texts in lines.items():
                file = self.folder / "events" / namespace / service / f"{hour}.jsonl"
                file.parent.mkdir(parents=True, exist_ok=True)
                with open(file, "ab", buffering=0) as out:
                    start = out.seek(0, os.SEEK_END)
                    data = "".join(texts).encode()
                    try:
                        written = out.write(data)
                        if written != len(data):
                            raise OSError(28, "the disk took only a part")
                    except OSError:
                        out.truncate(start)
                        raise
            self.counts["received"] += len(events)

    def hours(self, namespace, service, since, until):
        folder = self.folder / "events" / _name(namespace) / _name(service)
        first, last = (f"{datetime.fromtimestamp(at, timezone.utc):%Y-%m-%dT%H}" for at in (since, until))
        return [file for file in sorted(folder.glob("*.jsonl")) if first <= file.stem <= last]

    def put(self, namespace, service, text):
        file = self.folder / "results" / f"{_name(namespace)}.{_name(service)}.prom"
        part = file.with_suffix(f".{threading.get_ident()}.part")
        part.write_text(text, encoding="utf-8")
        part.replace(file)

    def clean(self, now):
        """Deletes what is too old, and the oldest hours while there is too much."""
        oldest = f"{datetime.fromtimestamp(now - self.seconds, timezone.utc):%Y-%m-%dT%H}"
        files = self.files()
        left = sum(file.stat().st_size for file in files)
        for file in files:
            if file.stem >= oldest and left <= self.most:
                break
            with self.lock:
                left -= file.stat().st_size
                file.unlink()
                self.counts["deleted"] += 1

    def metrics(self):
        """The store's own series and all results; a family's lines together, as the format asks for."""
        lines = [
            "# HELP ml_payload_store_events_total Events that came, by what became of them", "# TYPE ml_payload_store_events_total counter",
            f'ml_payload_store_events_total{{result="stored"}} {self.counts["received"]}', f'ml_payload_store_events_total{{result="refused"}} {self.counts["refused"]}',
            "# HELP ml_payload_store_deleted_files_total Hours of a service that were deleted", "# TYPE ml_payload_store_deleted_files_total counter", f"ml_payload_store_deleted_files_total {self.counts['deleted']}",
            "# HELP ml_payload_store_bytes Bytes of all events", "# TYPE ml_payload_store_bytes gauge", f"ml_payload_store_bytes {self.bytes()}",
            "# HELP ml_payload_store_limit_bytes Bytes above which the oldest events are deleted", "# TYPE ml_payload_store_limit_bytes gauge", f"ml_payload_store_limit_bytes {self.most}",
            "# HELP ml_payload_store_free_bytes Bytes that the volume has left", "# TYPE ml_payload_store_free_bytes gauge", f"ml_payload_store_free_bytes {shutil.disk_usage(self.folder).free}",
        ]
        families = {}
        for file in sorted((self.folder / "results").glob("*.prom")):
            for line in file.read_text(encoding="utf-8").splitlines():
                if not line:
                    continue
                comment = line.startswith("#")
                name = line.split()[2] if comment else re.split(r"[{ ]", line, maxsplit=1)[0]
                heads, samples = families.setdefault(name, ({}, []))
                if comment:
                    heads[line.split()[1]] = line
                else:
                    samples.append(line)
        for heads, samples in families.values():
            lines += [*heads.values(), *samples]
        return "\n".join(lines) + "\n"


def _name(text):
    if not isinstance(text, str) or NAME.fullmatch(text) is None:
        raise ValueError(f"{text!r} is no name of a namespace or service")
    return text


def _end_line(file):
    """Cuts off a line that was never finished."""
    data = file.read_bytes()
    if data and not data.endswith(b"\n"):
        with open(file, "r+b") as out:
            out.truncate(data.rfind(b"\n") + 1)


def events_of(headers, body):
    """CloudEvents 1.0 over HTTP, in any of its three modes: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md"""
    kind = (headers.get("Content-Type") or "").split(";")[0].strip()
    if kind in ("application/cloudevents-batch+json", "application/cloudevents+json"):
        told = json.loads(body)
        return told if kind.endswith("batch+json") else [told]
    event = {name[3:].lower(): value for name, value in headers.items() if name.lower().startswith("ce-")}
    event["datacontenttype"] = kind
    # an agent that doesn't tell the time means now
    event.setdefault("time", datetime.now(timezone.utc).isoformat())
    try:
        event["data"] = json.loads(body)
    except ValueError:
        event["data_base64"] = base64.b64encode(body).decode()
    return [event]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 300
    store = None
    only_metrics = False

    def do_POST(self):
        body = self._body()
        if body is None:
            return
        try:
            events = events_of(self.headers, body)
            if not all(isinstance(event, dict) and event.get("id") and event.get("type") for event in events):
                raise ValueError("an event needs an id and a type")
            self.store.add(events)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            self.store.counts["refused"] += 1
            self._answer(400, f"no CloudEvent of a service: {error}")
        except OSError as error:
            self.store.counts["refused"] += 1
            self._answer(507, str(error))
        else:
            self._answer(202, "")

    def do_PUT(self):
        body = self._body()
        if body is None:
            return
        parts = urlsplit(self.path).path.strip("/").split("/")
        try:
            if len(parts) != 3 or parts[0] != "results":
                raise ValueError("only /results/<namespace>/<service>")
            self.store.put(parts[1], parts[2], body.decode())
            self._answer(204, "")
        except ValueError as error:
            self._answer(400, str(error))
        except OSError as error:
            self._answer(507, str(error))

    def do_GET(self):
        place = urlsplit(self.path)
        parts = place.path.strip("/").split("/")
        if place.path == "/healthz":
            self._answer(200, "ok\n")
        elif place.path == "/metrics" and self.only_metrics:
            self._answer(200, self.store.metrics(), "text/plain; version=0.0.4")
        elif parts[0] == "events" and len(parts) == 3 and not self.only_metrics:
            self._events(parts, parse_qs(place.query))
        else:
            self._answer(404, "")

    def _events(self, parts, query):
        try:
            files = self.store.hours(parts[1], parts[2], float(query["since"][0]), float(query["until"][0]))
        except (KeyError, ValueError, OverflowError) as error:
            self._answer(400, str(error))
            return
        # files only grow: what is there now is whole lines
        sizes = [(file, file.stat().st_size) for file in files if file.exists()]
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson")
        self.send_header("Content-Length", str(sum(size for _, size in sizes)))
        self.end_headers()
        for file, size in sizes:
            with open(file, "rb") as lines:
                while size > 0 and (chunk := lines.read(min(size, 2**20))):
                    self.wfile.write(chunk)
                    size -= len(chunk)

    def _body(self):
        length = self.headers.get("Content-Length")
        if self.only_metrics or length is None or not length.isdigit() or int(length) > MOST_BODY:
            self.close_connection = True
            self._answer(411 if length is None else 413, "")
            return None
        return self.rfile.read(int(length))

    def _answer(self, status, text, kind="text/plain"):
        body = text.encode()
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if status != 204:
            self.wfile.write(body)

    def log_message(self, *_):
        pass  # a line a request would be as much as the events themselves


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def main():
    folder, port, metrics_port, days, most = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5])
    store = Store(folder, days, most)
    data = Server(("", port), type("DataHandler", (Handler,), {"store": store}))
    metrics = Server(("", metrics_port), type("MetricsHandler", (Handler,), {"store": store, "only_metrics": True}))
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=data.shutdown).start())

    def clean():
        while True:
            store.clean(time.time())
            time.sleep(60)

    threading.Thread(target=clean, daemon=True).start()
    threading.Thread(target=metrics.serve_forever, daemon=True).start()
    print(f"payloads in {folder}, on port {port}", flush=True)
    data.serve_forever()


if __name__ == "__main__":
    main()
