"""The base score of CVSS 3.0 and 3.1 vectors, for advisories that give no severity in words.

https://www.first.org/cvss/v3.1/specification-document#Metric-Equations
"""

from collections.abc import Mapping
from typing import Final

_WEIGHTS: Final[Mapping[str, Mapping[str, float]]] = {
    "AV": {"N": 0.85, "A": 0.62, "L": 0.55, "P": 0.2},
    "AC": {"L": 0.77, "H": 0.44},
    "UI": {"N": 0.85, "R": 0.62},
    "C": {"H": 0.56, "L": 0.22, "N": 0.0},
    "I": {"H": 0.56, "L": 0.22, "N": 0.0},
    "A": {"H": 0.56, "L": 0.22, "N": 0.0},
}
# Of the privileges that are required, by whether the scope changes.
_PRIVILEGES: Final[Mapping[str, Mapping[str, float]]] = {
    "U": {"N": 0.85, "L": 0.62, "H": 0.27},
    "C": {"N": 0.85, "L": 0.68, "H": 0.5},
}
_RATINGS: Final = ((9.0, "critical"), (7.0, "high"), (4.0, "medium"), (0.1, "low"))


def base_score(vector: str) -> float | None:
    """The base score of a vector such as ``CVSS:3.1/AV:N/AC:L/…``; None if it is none of version 3."""
    version, _, rest = vector.partition("/")
    if version not in ("CVSS:3.0", "CVSS:3.1"):
        return None
    metrics = dict(part.split(":", 1) for part in rest.split("/") if ":" in part)
    try:
        weight = {name: values[metrics[name]] for name, values in _WEIGHTS.items()}
        changes = metrics["S"] == "C"
        privileges = _PRIVILEGES[metrics["S"]][metrics["PR"]]
    except KeyError:
        return None
    impact_base = 1 - (1 - weight["C"]) * (1 - weight["I"]) * (1 - weight["A"])
    beyond = 7.52 * (impact_base - 0.029) - 3.25 * (impact_base - 0.02) ** 15
    impact = beyond if changes else 6.42 * impact_base
    if impact <= 0:
        return 0.0
    exploitability = 8.22 * weight["AV"] * weight["AC"] * privileges * weight["UI"]
    return _rounded_up(min((1.08 if changes else 1.0) * (impact + exploitability), 10.0))


def rating(score: float) -> str:
    """The severity in words of a score."""
    return next((word for least, word in _RATINGS if score >= least), "none")


def _rounded_up(score: float) -> float:
    """The smallest number with one decimal that is not less, as appendix A of the specification computes it."""
    hundred_thousands = round(score * 100_000)
    if hundred_thousands % 10_000 == 0:
        return hundred_thousands / 100_000
    return (hundred_thousands // 10_000 + 1) / 10
