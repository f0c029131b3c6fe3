"""The release of a model as somebody follows it who only has the SDK."""

from dataclasses import dataclass
from pathlib import Path

from moorage import Client, Deployment, Event, NotFoundError

from tests.e2e.stack import eventually

# Who opens deployments and rolls back.
RULE = "rule:deployments"
# What is told of a version until it stands in production, and of a deployment that succeeds.
PROMOTED = ["version.created", "version.ready", "version.transitioned"]
SERVED = ["deployment.opened", "deployment.started", "deployment.succeeded"]
# The emulator's queue hands a step on after seconds, and a deployment takes about ten.
_DEPLOYED_WITHIN = 150.0


@dataclass(frozen=True)
class Release:
    """A model whose versions go to production. ``file`` is what each version holds."""

    registry: Client
    model: str
    file: Path

    def promote(self, reason: str | None = None) -> int:
        """Move a new version to production; its number."""
        number = self.registry.register(self.model, files=[self.file]).number
        self.registry.versions.transition(self.model, number, "production", reason=reason)
        return number

    def opened(self, number: int) -> Deployment:
        """A deployment, as soon as it is there."""
        return eventually(lambda: self._found(number), f"deployment {number}")

    def ended(self, number: int) -> Deployment:
        """A deployment, as soon as it has ended."""

        def look() -> Deployment | None:
            found = self._found(number)
            return None if found is None or found.status in ("pending", "in_progress") else found

        return eventually(look, f"the end of deployment {number}", seconds=_DEPLOYED_WITHIN)

    def in_production(self) -> int | None:
        return self.registry.models.get(self.model).stages["production"].version

    def timeline(self) -> "Timeline":
        """All that happened to the model, whose ledger is intact."""
        self.registry.events.verify(self.model)
        return Timeline(list(self.registry.events.list(self.model, order="oldest")))

    def _found(self, number: int) -> Deployment | None:
        try:
            return self.registry.deployments.get(self.model, number)
        except NotFoundError:
            return None


@dataclass(frozen=True)
class Timeline:
    """The events of a model, oldest first."""

    events: list[Event]

    def of_version(self, version: int) -> list[str]:
        """What was told of a version's way into service, as the types of the events."""
        return [
            event.type
            for event in self.events
            if event.version == version and (event.type in PROMOTED or event.type.startswith("deployment."))
        ]

    def of_deployment(self, number: int) -> dict[str, Event]:
        """The events of a deployment by their types."""
        return {
            event.type: event
            for event in self.events
            if event.type.startswith("deployment.") and event.subject == str(number)
        }

    def cause(self, deployment: Deployment) -> Event:
        """The event that a deployment followed."""
        (found,) = [event for event in self.events if event.id == deployment.cause.event_id]
        assert (found.type, found.sequence) == (deployment.cause.event_type, deployment.cause.sequence)
        assert self.of_deployment(deployment.number)["deployment.opened"].sequence > found.sequence
        return found
