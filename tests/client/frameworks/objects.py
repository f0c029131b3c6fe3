"""Objects whose classes are named like those of the frameworks, for tests of what looks at names alone."""


def of_class(*names: str) -> object:
    """An object whose classes have these qualified names, its own first: ``sklearn.base.BaseEstimator``."""
    kind: type = object
    for name in reversed(names):
        module, _, own = name.rpartition(".")
        kind = type(own, (kind,), {"__module__": module})
    return kind()
