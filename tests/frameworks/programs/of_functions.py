"""Functions: their source, or with cloudpickle what their source cannot tell."""

import math
from collections.abc import Callable

import numpy as np
from expecting import refused
from moorage import Client, UnsupportedModelError, UntrustedModelError

WEIGHTS = {"amount": 0.3, "age": -0.02}


def weighted(features: dict[str, float]) -> float:
    return sum(WEIGHTS[name] * value for name, value in features.items())


def score(amount: float, age: int) -> float:
    """The chance of fraud."""
    return 1 / (1 + math.exp(-weighted({"amount": amount, "age": age}))) + float(np.mean([0.0]))


registry = Client()
version = registry.log(score, "fraud")
assert version.tags == {"runs_code": "source"}
assert version.signature["inputs"][1] == {"name": "age", "type": "long", "required": True}
assert [line.partition("==")[0] for line in version.provenance["runtime"]["requirements"]] == ["numpy"]
with refused(UntrustedModelError, "fraud/1 is the source of a function"):
    registry.load("fraud/1")
# Loading runs what the function needs, and not this script: it would log a second version.
loaded = registry.load("fraud/1", allow=["source:fraud/1"])
assert loaded(3.0, 40) == score(3.0, 40) and loaded.__doc__ == score.__doc__
assert len(list(registry.versions.list("fraud"))) == 1


def above(limit: float) -> Callable[[float], bool]:
    def decide(amount: float) -> bool:
        return amount > limit

    return decide


with refused(UnsupportedModelError, "format='cloudpickle'"):
    registry.log(above(2.0), "fraud")
version = registry.log(above(2.0), "fraud", format="cloudpickle")
assert version.tags == {"runs_code": "cloudpickle"} and version.signature["outputs"] == [{"type": "boolean"}]
with refused(UntrustedModelError, "allow=['cloudpickle:fraud/2']"):
    registry.load("fraud/2", allow=["pickle:fraud"])
decide = registry.load("fraud/2", allow=["cloudpickle:fraud"])
assert decide(2.5) and not decide(1.5)
