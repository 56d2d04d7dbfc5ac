"""Sends golden requests to a new version and compares its answers. Standard library only.

usage: send.py FILE URL TIMEOUT

FILE holds a JSON list of {name, method, path, headers, body, expect}; a path that is not given is that of predictions, which URL ends in. Ends with 0 when all
answers are right, with 1 after the first pass over all of them when one is wrong, and prints one line a request.
"""

import http.client
import json
import math
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

TOLERANCE = 1e-6
# a Service's address may take some seconds to lead to a pod that has just become ready
TRIES = 5


def differs(expected, got, tolerance, where="answer"):
    """What is wrong with an answer, or None. Keys that are not expected don't matter; lists must be equally long."""
    if isinstance(expected, bool) or expected is None or isinstance(expected, str):
        return None if got == expected and type(got) is type(expected) else f"{where} is {got!r}, not {expected!r}"
    if isinstance(expected, (int, float)):
        if isinstance(got, bool) or not isinstance(got, (int, float)):
            return f"{where} is {got!r}, not {expected!r}"
        return None if math.isclose(got, expected, rel_tol=tolerance, abs_tol=tolerance) else f"{where} is {got!r}, not {expected!r}"
    if isinstance(expected, list):
        if not isinstance(got, list) or len(got) != len(expected):
            return f"{where} is no list of {len(expected)}: {got!r:.200}"
        return next((wrong for i, (a, b) in enumerate(zip(expected, got)) if (wrong := differs(a, b, tolerance, f"{where}[{i}]"))), None)
    if not isinstance(got, dict):
        return f"{where} is no object: {got!r:.200}"
    return next((wrong for key, value in expected.items() if (wrong := f"{where} has no '{key}'" if key not in got else differs(value, got[key], tolerance, f"{where}.{key}"))), None)


def ask(url, request, timeout):
    body = None if request.get("body") is None else json.dumps(request["body"]).encode()
    headers = {"Content-Type": "application/json", **request.get("headers", {})}
    method = request.get("method", "POST")
    for remaining in reversed(range(TRIES)):
        try:
            with urllib.request.urlopen(urllib.request.Request(url, body, headers, method=method), timeout=timeout) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except (OSError, http.client.HTTPException) as error:
            # an answer that took too long would take as long again
            if remaining == 0 or isinstance(error, TimeoutError) or isinstance(getattr(error, "reason", None), TimeoutError):
                raise
            time.sleep(2)


def check(url, request, timeout):
    """What is wrong with the answer to one request, or None."""
    expect = request["expect"]
    target = urllib.parse.urljoin(url, request["path"]) if "path" in request else url
    try:
        status, content = ask(target, request, timeout)
    except (OSError, http.client.HTTPException) as error:
        return f"no answer: {error}"
    wanted = expect.get("status", 200)
    if status != wanted:
        return f"status is {status}, not {wanted}: {content[:200]!r}"
    if "body" not in expect:
        return None
    try:
        answer = json.loads(content)
    except ValueError:
        return f"the answer is no JSON: {content[:200]!r}"
    return differs(expect["body"], answer, expect.get("tolerance", TOLERANCE))


def main(file, url, timeout):
    with open(file, encoding="utf-8") as source:
        requests = json.load(source)
    failed = 0
    for request in requests:
        wrong = check(url, request, float(timeout))
        failed += wrong is not None
        print(f"{'wrong' if wrong else 'right'}  {request['name']}{': ' + wrong if wrong else ''}", flush=True)
    print(f"{len(requests) - failed} of {len(requests)} golden requests answered right", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
