"""models.py FOLDER: a classifier of scikit-learn's iris data and a detector of drift, each in a folder of its own, as their libraries save them."""
import os
import sys

import joblib
from alibi_detect.cd import KSDrift
from alibi_detect.saving import save_detector
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

folder = sys.argv[1]
data = load_iris()
for name in ("model", "drift"):
    os.makedirs(os.path.join(folder, name))
joblib.dump(LogisticRegression(max_iter=1000).fit(data.data, data.target), os.path.join(folder, "model", "model.joblib"))
save_detector(KSDrift(data.data, p_val=0.01), os.path.join(folder, "drift"))
