"""Where a window comes from and where results go: the payload store, folders of JSON lines, the Pushgateway."""
import urllib.parse
import urllib.request
from pathlib import Path

HOUR = 3600


def window(source, namespace, service, since, until, timeout):
    """Lines of events that may belong to a window, an hour's grace after its end for responses; the reader looks at the times."""
    if source["kind"] == "store":
        query = urllib.parse.urlencode({"since": int(since), "until": int(until + HOUR)})
        with urllib.request.urlopen(f"{source['url']}/events/{namespace}/{service}?{query}", timeout=timeout) as answer:
            for line in answer:
                yield line.decode("utf-8", "replace")
        return
    folder = Path(source["path"])
    if not folder.is_dir():
        raise FileNotFoundError(f"there is no folder {folder} of payloads")
    for file in sorted(folder.rglob("*.jsonl")):
        # a file that was last written before the window began holds nothing of it
        if file.stat().st_mtime >= since:
            with open(file, encoding="utf-8", errors="replace") as lines:
                yield from lines


def publish(target, namespace, service, text, timeout):
    """Puts results in the place of those of the run before."""
    group = f"{namespace}/{service}"
    if target["kind"] == "store":
        url = f"{target['url']}/results/{group}"
    else:
        url = f"{target['url']}/metrics/job/model-monitor/namespace/{namespace}/inference_service/{service}"
    request = urllib.request.Request(url, data=text.encode(), method="PUT", headers={"Content-Type": "text/plain; version=0.0.4"})
    with urllib.request.urlopen(request, timeout=timeout):
        pass
