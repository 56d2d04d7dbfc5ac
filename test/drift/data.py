"""Prints real measurements (scikit-learn's breast cancer data, 569 tumours) in two halves, and what a model trained on the first says of the second."""
import json

from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

CHOSEN = ["mean radius", "mean texture", "mean smoothness", "mean symmetry"]
table = load_breast_cancer(as_frame=True)
inputs = table.data[CHOSEN].copy()
inputs["side"] = [("left", "right")[place % 2] for place in range(len(inputs))]
known, fresh, known_truth, fresh_truth = train_test_split(inputs, table.target, test_size=0.5, random_state=7, stratify=table.target)
model = make_pipeline(StandardScaler(), LogisticRegression()).fit(known[CHOSEN], known_truth)
print(json.dumps({
    "features": [*CHOSEN, "side"], "reference": known.values.tolist(), "current": fresh.values.tolist(),
    "predictions": model.predict(fresh[CHOSEN]).tolist(), "truth": fresh_truth.tolist(),
}))
