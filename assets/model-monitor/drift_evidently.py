"""Drift by Evidently (Apache 2.0): https://docs.evidentlyai.com/metrics/customize_data_drift"""
from evidently import DataDefinition, Dataset, Report
from evidently.metrics import ValueDrift

# what these give is a p-value, and low is drift; what the others give is a distance, and high is drift
P_VALUES = {"ks", "chisquare", "z"}


def scores(reference, current, features, settings):
    """(feature, method, score, threshold, drifted) of each feature that has values on both sides."""
    definition = DataDefinition(numerical_columns=features.numerical, categorical_columns=features.categorical)
    names = [name for name in features.order if reference[name].notna().any() and current[name].notna().any()]
    if not names:
        return []
    asked = [ValueDrift(column=name, method=settings[name]["method"], threshold=settings[name]["threshold"]) for name in names]
    report = Report(asked).run(Dataset.from_pandas(current, data_definition=definition), Dataset.from_pandas(reference, data_definition=definition))
    found = []
    for name, metric in zip(names, report.dict()["metrics"], strict=True):
        method, threshold, score = settings[name]["method"], settings[name]["threshold"], float(metric["value"])
        if metric["config"]["column"] != name:
            raise RuntimeError(f"Evidently answered for {metric['config']['column']} in the place of {name}")
        found.append((name, method, score, threshold, score < threshold if method in P_VALUES else score >= threshold))
    return found
