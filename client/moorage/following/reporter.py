"""Telling the registry what a target serves, with the client."""

from dataclasses import dataclass

from moorage.serving.served import Served
from moorage.targets import Targets


@dataclass(frozen=True, slots=True)
class Reporter:
    """Tells the registry what a target serves."""

    targets: Targets
    target: str

    def report(self, served: Served) -> None:
        """Say that the target serves a version now. Raises NotFoundError for a target that is not known."""
        self.targets.observe(self.target, served.model, served.version, digest=served.digest)
