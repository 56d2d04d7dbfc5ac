"""What a monitor tells, whatever it is made with: names, labels and meanings of the series that alerts and dashboards read."""

HELP = {
    "ml_feature_drift_score": "How far a feature of the window is from the reference, by the method: a distance, or a p-value",
    "ml_feature_drift_threshold": "Where the score becomes drift: at or above it for a distance, below it for a p-value",
    "ml_drift_detected": "1 where the feature has drifted, else 0",
    "ml_dataset_drift_detected": "1 where the share of drifted features is at or above the bound, else 0",
    "ml_drifted_feature_ratio": "Share of the features that have drifted, 0 to 1",
    "ml_missing_value_ratio": "Share of the window's rows in which a feature has no value, 0 to 1",
    "ml_prediction_total": "Predictions of the window, by class",
    "ml_ground_truth_accuracy": "Share of the window's predictions with known ground truth that were right, 0 to 1",
    "ml_ground_truth_rows": "Predictions of the window whose ground truth is known",
    "ml_monitor_rows": "Predictions that the window holds",
    "ml_monitor_min_rows": "Rows below which nothing is judged",
    "ml_monitor_unreadable": "Events of the window that could not be read",
    "ml_monitor_unpaired": "Requests of the window without a response",
    "ml_monitor_window_seconds": "Length of the window",
    "ml_monitor_last_success_timestamp_seconds": "When the monitor last went through, in seconds since 1970",
}


class Samples:
    """Samples of one run. All are gauges: each run replaces the one before."""

    def __init__(self, **labels):
        self._labels = labels
        self._samples = []

    def add(self, name, value, **labels):
        if name not in HELP:
            raise KeyError(name)
        self._samples.append((name, {**self._labels, **labels}, float(value)))

    def text(self):
        """Prometheus' text format, a family together."""
        lines = []
        for name, told in HELP.items():
            own = [(labels, value) for sample, labels, value in self._samples if sample == name]
            if own:
                lines += [f"# HELP {name} {told}", f"# TYPE {name} gauge"]
                lines += [f"{name}{{{_join(labels)}}} {value!r}" for labels, value in own]
        return "\n".join(lines) + "\n"


def _join(labels):
    return ",".join(f'{name}="{_escape(str(value))}"' for name, value in sorted(labels.items()))


def _escape(text):
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
