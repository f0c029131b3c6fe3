"""A version that is loaded and ready to predict."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from moorage.frameworks.descriptor import Descriptor
from moorage.frameworks.load import load
from moorage.serving.predictors import Predict, predictor
from moorage.serving.signatures import Signature


@dataclass(frozen=True, slots=True)
class Served:
    """A version with its model in memory. ``digest`` is that of its list of files."""

    model: str
    version: int
    digest: str
    signature: Signature
    predict: Predict

    def __str__(self) -> str:
        return f"{self.model}/{self.version}"


@dataclass(frozen=True, slots=True)
class Permissions:
    """What the operator allows a model to do while it is loaded: the arguments of ``Client.load`` of these names.

    Raises ValueError for a module as ``into``: the next version would be loaded into the module that answers.
    """

    allow: Collection[str] = ()
    trust: Collection[str] = ()
    into: Any = None

    def __post_init__(self) -> None:
        if hasattr(self.into, "load_state_dict") and not isinstance(self.into, type):
            raise ValueError("give a class or a function as into=, which makes a new module for each version")


def load_served(
    model: str, version: int, digest: str, directory: Path, signature: Mapping[str, Any] | None, given: Permissions
) -> Served:
    """Load a version whose files are in ``directory`` and match their digests. Raises what ``Client.load`` raises.

    Raises IncompatibleModelError as well if nothing is known to predict with the model.
    """
    loaded = load(model, version, directory, given.allow, given.trust, given.into)
    predict = predictor(loaded, Descriptor.read(directory, f"{model}/{version}"), f"{model}/{version}")
    return Served(model, version, digest, Signature.parse(signature), predict)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the server says of itself, besides what it serves.

    ``following`` is the alias that it follows, if any. ``refused`` says which version it did not take over, and why.
    ``problem`` is why the registry cannot be asked at the moment, ``unreported`` why it cannot be told what is served.
    ``unmonitored`` is why a monitor does not get all that is counted of the requests.
    """

    following: str | None = None
    refused: Mapping[str, Any] | None = None
    problem: str | None = None
    unreported: str | None = None
    unmonitored: str | None = None


@dataclass(slots=True)
class Slot:
    """What a server serves now. One thread puts versions into it, and others take them out.

    A request takes ``current`` once, and is answered by that version even if another one comes meanwhile.
    """

    current: Served
    standing: Standing = Standing()
