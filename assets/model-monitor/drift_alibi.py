"""Drift by Alibi Detect (Business Source License 1.1): Kolmogorov-Smirnov for numbers, chi-squared for classes, corrected for their number.

https://docs.seldon.io/projects/alibi-detect/en/stable/cd/methods/tabulardrift.html
"""
import numpy
from alibi_detect.cd import TabularDrift


def scores(reference, current, features, settings):
    """(feature, method, p-value, threshold, drifted) of each feature; rows without a value in any feature are left out, as the test takes none."""
    reference, current = reference.dropna(), current.dropna()
    if len(reference) == 0 or len(current) == 0:
        return []
    # classes as numbers; one that the reference does not know is a class of its own
    codes = {name: {value: code for code, value in enumerate(sorted(set(reference[name]) | set(current[name])))} for name in features.categorical}
    as_numbers = lambda table: numpy.column_stack([(table[name].map(codes[name]) if name in codes else table[name]).to_numpy(dtype=float) for name in features.order])
    places = {place: len(codes[name]) for place, name in enumerate(features.order) if name in codes}
    threshold = settings["threshold"]
    detector = TabularDrift(as_numbers(reference), p_val=threshold, categories_per_feature=places, correction=settings["correction"])
    p_values = detector.predict(as_numbers(current), drift_type="feature", return_p_val=True)["data"]["p_val"]
    bounds = _bounds(p_values, threshold, settings["correction"])
    return [(name, "chi2" if name in codes else "ks", float(p), bound, bool(p < bound)) for name, p, bound in zip(features.order, p_values, bounds, strict=True)]


def _bounds(p_values, threshold, correction):
    """Bonferroni: the threshold shared among all. False discovery rate: the highest share that a p-value is still below."""
    count = len(p_values)
    if correction == "bonferroni":
        return [threshold / count] * count
    below = [rank * threshold / count for rank, p in enumerate(sorted(p_values), 1) if p < rank * threshold / count]
    return [max(below, default=threshold / count)] * count
