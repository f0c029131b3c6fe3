"""What a target says that it serves, and whether that is what is wanted there."""

from dataclasses import replace
from typing import Any

from chalicelib.domain.deployments.place import Place, Serving
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import NoChange, Outcome, Put, decided
from chalicelib.domain.ledger.events import EventDraft
from chalicelib.domain.models.model import Model


def is_news(place: Place, said: Serving) -> bool:
    """Whether what a target says changes what is known of it.

    While a deployment is on its way, only that its version arrived is news: until then anything may be served.
    """
    agrees = said.is_of(place.wanted, place.wanted_digest)
    if place.active and not agrees:
        return False
    return place.drifting is agrees or place.serving is None or not place.serving.fits(said)


def observe(model: Model, place: Place, said: Serving) -> Outcome[Place]:
    """Take what a target says that it serves. It drifts if that is not what is wanted; each drift is told once."""
    if not is_news(place, said):
        return NoChange(place)
    agrees = said.is_of(place.wanted, place.wanted_digest)
    changed = replace(place, serving=said, drifting=not agrees)
    event = agreed_event(place, changed) if agrees else _drifted_event(place, changed)
    return decided(changed, model, event, Put(changed))


def agreed_event(before: Place, place: Place) -> EventDraft:
    """The target serves what is wanted."""
    return _event(event_types.DEPLOYMENT_AGREED, before, place, None)


def _drifted_event(before: Place, place: Place) -> EventDraft:
    served = "no version" if place.served is None else f"version {place.served}"
    if place.served == place.wanted:
        served = f"other bytes as version {place.wanted}"
    reason = f"{place.target} serves {served}; version {place.wanted} is wanted"
    return _event(event_types.DEPLOYMENT_DRIFTED, before, place, reason)


def _event(event_type: str, before: Place, place: Place, reason: str | None) -> EventDraft:
    named = {
        "deployment": place.last,
        "target": place.target,
        "wanted": place.wanted,
        "wanted_digest": place.wanted_digest,
    }
    return EventDraft(
        event_type,
        _served(before),
        {**named, **_served(place)},
        version=place.wanted,
        subject=str(place.last),
        reason=reason,
    )


def _served(place: Place) -> dict[str, Any]:
    serving = place.serving
    return {
        "drifting": place.drifting,
        "serving": None if serving is None else serving.version,
        "serving_digest": "" if serving is None else serving.digest,
    }
