"""Sends events to a sink, behind a bounded queue: a sink that is slow or down costs events, never a request."""
import base64
import collections
import http.client
import json
import os
import ssl
import threading
import time
from urllib.parse import urlsplit

BATCH = 50
WAIT = 1.0  # seconds that a batch may wait to be filled
TIMEOUT = 10.0
METRICS = (
    ("ml_payload_log_sent_total", "counter", "Predictions whose payloads the sink has taken"),
    ("ml_payload_log_dropped_total", "counter", "Predictions whose payloads were lost"),
    ("ml_payload_log_queue_bytes", "gauge", "Bytes that wait to be sent"),
)


def exposition(senders):
    """What all senders tell of themselves, for Prometheus."""
    return "".join(part for name, kind, text in METRICS for part in (f"# HELP {name} {text}\n# TYPE {name} {kind}\n", *(line for sender in senders for line in sender.samples(name))))


class Sender:
    def __init__(self, settings, events):
        self.url, self.format, self.events = urlsplit(settings["url"]), settings["format"], events
        self.name = settings.get("name")
        self.most_bytes = settings["queueBytes"]
        self.queue, self.bytes, self.stopping = collections.deque(), 0, None
        self.changed = threading.Condition()
        self.counts = collections.Counter()
        self.connection = None
        self.headers = {"Authorization": os.environ["SINK_AUTHORIZATION"]} if "SINK_AUTHORIZATION" in os.environ and not self.name else {}
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def take(self, request, asked, response, answered, at, until):
        """Called for each prediction, from the loop that passes bytes on: must be quick."""
        bodies = asked.bytes(), answered.bytes()
        if None in bodies:
            self.counts["too_large"] += 1
            return
        size = len(bodies[0]) + len(bodies[1]) + 1024
        with self.changed:
            if self.stopping is not None or self.bytes + size > self.most_bytes:
                self.counts["queue_full"] += 1
                return
            self.queue.append((size, (request, bodies[0], response, bodies[1], at, until)))
            self.bytes += size
            self.changed.notify()

    def stop(self, seconds):
        """Sends what is left, for so long at the most."""
        with self.changed:
            self.stopping = time.monotonic() + seconds
            self.changed.notify()
        self.thread.join(seconds + 1)
        with self.changed:
            self.counts["stopped"] += len(self.queue)

    def samples(self, name):
        """The lines of one of `METRICS`."""
        own = f'inference_service="{self.events.attributes["inferenceservicename"]}",namespace="{self.events.attributes["namespace"]}"' + (f',detector="{self.name}"' if self.name else "")
        if name == "ml_payload_log_dropped_total":
            return [f'{name}{{{own},reason="{reason}"}} {self.counts[reason]}\n' for reason in ("queue_full", "too_large", "refused", "failed", "stopped")]
        return [f"{name}{{{own}}} {self.counts['sent'] if name == 'ml_payload_log_sent_total' else self.bytes}\n"]

    def _run(self):
        pause = 0.1
        while batch := self._next():
            taken, reason = self._send(batch)
            if not taken and reason is None:  # later, as long as there is room for what comes meanwhile
                if self.stopping is not None and time.monotonic() + pause > self.stopping:
                    return
                with self.changed:
                    self.changed.wait_for(lambda: self.stopping is not None, pause)
                if self.stopping is not None:
                    time.sleep(min(pause, 0.2))
                pause = min(pause * 2, 10.0)
                continue
            pause = 0.1
            with self.changed:
                for size, _ in batch:
                    self.queue.popleft()
                    self.bytes -= size
            self.counts["sent" if taken else reason] += len(batch)

    def _next(self):
        """What is sent next, which stays in the queue until the sink has it. None at the end."""
        with self.changed:
            self.changed.wait_for(lambda: self.queue or self.stopping is not None)
            if self.format != "binary" and len(self.queue) < BATCH and self.stopping is None:
                self.changed.wait_for(lambda: len(self.queue) >= BATCH or self.stopping is not None, WAIT)
            count = 1 if self.format == "binary" else BATCH
            return [self.queue[place] for place in range(min(count, len(self.queue)))]

    def _send(self, batch):
        """Whether the sink took it; else why it never will, or nothing where it may later."""
        try:
            told = [event for _, copies in batch for event in self.events.of(*copies)]
            messages = list(self._messages(told))
        except Exception as error:  # a payload that can't be told must not stop the others
            print(f"could not make events: {error!r}", flush=True)
            return False, "failed"
        try:
            for headers, body in messages:
                status = self._post({**headers, **self.headers}, body)
                if status >= 500 or status in (408, 425, 429):
                    return False, None
                if status >= 300:
                    return False, "refused"
            return True, None
        except (OSError, http.client.HTTPException):
            self._close()
            return False, None

    def _messages(self, events):
        if self.format == "binary":
            for event in events:
                headers = {f"ce-{name}": value for name, value in event.items() if name not in ("data", "data_base64", "datacontenttype")}
                headers["Content-Type"] = event["datacontenttype"]
                yield headers, json.dumps(event["data"]).encode() if "data" in event else base64.b64decode(event["data_base64"])
        elif self.format == "kafka":
            records = [{"key": event["id"], "value": event} for event in events]
            yield {"Content-Type": "application/vnd.kafka.json.v2+json", "Accept": "application/vnd.kafka.v2+json"}, json.dumps({"records": records}).encode()
        else:
            yield {"Content-Type": "application/cloudevents-batch+json"}, json.dumps(events).encode()

    def _post(self, headers, body):
        if self.connection is None:
            if self.url.scheme == "https":
                self.connection = http.client.HTTPSConnection(self.url.netloc, timeout=TIMEOUT, context=ssl.create_default_context())
            else:
                self.connection = http.client.HTTPConnection(self.url.netloc, timeout=TIMEOUT)
        self.connection.request("POST", self.url.path or "/", body, headers)
        answer = self.connection.getresponse()
        answer.read()
        if answer.will_close:
            self._close()
        return answer.status

    def _close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None
