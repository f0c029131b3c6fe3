"""How long to wait between two looks at the registry."""


def varied(interval: float, chance: float) -> float:
    """Between half and one and a half intervals, so that many watchers do not ask at the same time.

    ``chance`` is a random number from 0 to 1.
    """
    return interval * (0.5 + chance)
