"""Reference data and ground truth from files: CSV or Parquet, by the ending of the name."""
import pandas


def load(path):
    return pandas.read_parquet(path) if path.endswith(".parquet") else pandas.read_csv(path)


def reference(path, features):
    """The reference, with the features' columns alone."""
    table = load(path)
    missing = [name for name in features.order if name not in table.columns]
    if missing:
        raise KeyError(f"the reference data has no column {', '.join(missing)}")
    return typed(table[features.order], features)


def typed(table, features):
    """A table whose columns have the types of their features; what has no value has none afterwards as well."""
    table = table.copy()
    for name in features.numerical:
        table[name] = pandas.to_numeric(table[name], errors="coerce")
    for name in features.categorical:
        table[name] = table[name].map(text)
    return table


def text(value):
    # the same class as a number in a file and in a payload is one class: 1, 1.0 and '1'
    if value is None or value != value:
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def labels(path, id_column, label_column):
    """Ground truth by the id of the request; rows of one request in the order of the file."""
    known = {}
    for key, value in load(path)[[id_column, label_column]].itertuples(index=False):
        known.setdefault(str(key), []).append(None if value != value else value)
    return known
