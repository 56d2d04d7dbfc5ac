"""train.py [reversed]: trains the iris classifier with the libraries of the image that serves it, and prints it with the answers it gives. Reversed, its
classes are numbered the other way round: another model for the same questions.

Run inside that image: a pickle is only sure to load with the very versions that wrote it.
"""
import base64
import io
import json
import sys

import joblib
import sklearn
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

features, labels = load_iris(return_X_y=True)
if sys.argv[1:] == ["reversed"]:
    labels = labels.max() - labels
model = LogisticRegression(max_iter=1000).fit(features, labels)
file = io.BytesIO()
joblib.dump(model, file)

# Rows go over the wire as FP32: the expected answers are those to the rounded values.
rows = features.astype("float32")
print(json.dumps({
    "joblib": base64.b64encode(file.getvalue()).decode(),
    "rows": rows.tolist(),
    "expected": model.predict(rows).tolist(),
    "sklearn": sklearn.__version__,
}))
