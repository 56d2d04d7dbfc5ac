"""monitor.py SETTINGS [NOW]: looks once at a window of a model's payloads and tells what it found.

SETTINGS is a JSON file. Ends with 0 when results were published, also those of an empty window; with 1 when they could not be made: then the results
of the run before stay, and their age tells. It keeps nothing between runs, so it may be ended at any time and run again.
"""
import importlib
import json
import os
import sys
import time

import pandas
import payloads
import tables
import transfer
from contract import Samples

TIMEOUT = 120  # seconds for one answer of the store
MOST_VERSIONS = 10  # each has series of its own
MOST_CLASSES = 50
NOT_NAMED = "(others)"


def run(settings, now):
    since, until = now - settings["windowSeconds"], now
    namespace, service = settings["namespace"], settings["service"]
    features = payloads.Features(**settings["features"])
    prediction = settings["prediction"]
    lines = transfer.window(settings["source"], namespace, service, since, until, TIMEOUT)
    rows = payloads.read(lines, since, until, service, features, prediction.get("output"), prediction.get("classes", ()))
    reference = tables.reference(settings["reference"], features)
    samples = Samples(namespace=namespace, inference_service=service)
    for name, value in [("min_rows", settings["minRows"]), ("unreadable", rows.broken), ("unpaired", rows.unpaired), ("window_seconds", settings["windowSeconds"])]:
        samples.add(f"ml_monitor_{name}", value)
    table = tables.typed(pandas.DataFrame({name: pandas.Series(values, dtype=object) for name, values in rows.columns.items()}), features)
    versions = pandas.Series(rows.versions, dtype=object)
    counts = versions.value_counts()
    if len(counts) == 0:
        samples.add("ml_monitor_rows", 0, model_version="")
    labels = known_labels(settings.get("groundTruth"), rows)
    for version in counts.index[:MOST_VERSIONS]:
        chosen = (versions == version).to_numpy()
        told = judge(samples, settings, features, reference, table[chosen].reset_index(drop=True), version)
        predicted = [(key, one) for key, one, own in zip(rows.keys, rows.predictions, chosen, strict=True) if own]
        predictions(samples, [one for _, one in predicted], prediction, version)
        accuracy(samples, settings, predicted, labels, version)
        print(f"version {version or '(none)'}: {int(chosen.sum())} rows, {told}")
    samples.add("ml_monitor_last_success_timestamp_seconds", now)
    print(f"{len(versions)} rows, {rows.unpaired} requests without a response, {rows.broken} that could not be read")
    return samples.text()


def judge(samples, settings, features, reference, current, version):
    samples.add("ml_monitor_rows", len(current), model_version=version)
    for name in features.order:
        samples.add("ml_missing_value_ratio", current[name].isna().mean(), model_version=version, feature=name)
    if len(current) < settings["minRows"]:
        return f"fewer than {settings['minRows']}: not judged"
    detector = importlib.import_module(f"drift_{settings['detector']}")
    found = detector.scores(reference, current, features, settings["drift"])
    for feature, method, score, threshold, drifted in found:
        labels = {"model_version": version, "feature": feature, "method": method}
        samples.add("ml_feature_drift_score", score, **labels)
        samples.add("ml_feature_drift_threshold", threshold, **labels)
        samples.add("ml_drift_detected", drifted, **labels)
    if not found:
        return "no feature with values"
    share = sum(one[4] for one in found) / len(found)
    samples.add("ml_drifted_feature_ratio", share, model_version=version)
    samples.add("ml_dataset_drift_detected", share >= settings["driftedRatio"], model_version=version)
    return f"drifted: {', '.join(one[0] for one in found if one[4]) or 'nothing'}"


def predictions(samples, predicted, prediction, version):
    if prediction["kind"] != "class":
        return
    counts = pandas.Series([tables.text(one) for one in predicted]).value_counts()
    for name, count in counts[:MOST_CLASSES].items():
        samples.add("ml_prediction_total", count, model_version=version, **{"class": name})
    if len(counts) > MOST_CLASSES:
        samples.add("ml_prediction_total", counts[MOST_CLASSES:].sum(), model_version=version, **{"class": NOT_NAMED})


def known_labels(ground_truth, rows):
    """What turned out to be right: from the window's own events, and from a file, which has the last word."""
    if ground_truth is None or "path" not in ground_truth:
        return rows.labels
    return {**rows.labels, **tables.labels(ground_truth["path"], ground_truth["idColumn"], ground_truth["labelColumn"])}


def accuracy(samples, settings, predicted, labels, version):
    ground_truth = settings.get("groundTruth")
    if ground_truth is None:
        return
    pairs = [(one, labels[key][number]) for (key, number), one in predicted if number < len(labels.get(key, ())) and labels[key][number] is not None]
    samples.add("ml_ground_truth_rows", len(pairs), model_version=version, window=ground_truth["window"])
    if len(pairs) >= ground_truth["minRows"]:
        right = sum(_right(one, label, ground_truth.get("tolerance")) for one, label in pairs)
        samples.add("ml_ground_truth_accuracy", right / len(pairs), model_version=version, window=ground_truth["window"])


def _right(predicted, label, tolerance):
    if tolerance is None:
        return tables.text(predicted) == tables.text(label)
    return abs(float(predicted) - float(label)) <= tolerance


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        settings = json.load(file)
    settings.setdefault("namespace", os.environ.get("POD_NAMESPACE"))
    now = float(sys.argv[2]) if len(sys.argv) > 2 else time.time()
    text = run(settings, now)
    transfer.publish(settings["target"], settings["namespace"], settings["service"], text, TIMEOUT)


if __name__ == "__main__":
    main()
