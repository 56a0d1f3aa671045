"""One split of ``feature_split`` as it is computed without us: a module per library.

Each runs in the environment of that library, and defines

    split_correlation(X, first, second, metric) -> float

Spearman's correlation of the distances between all rows of ``X[:, first]`` and those of
``X[:, second]``.
"""
