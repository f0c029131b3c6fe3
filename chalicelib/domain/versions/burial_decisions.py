"""What becomes of a deleted or expired version: it is restored, or its bytes are removed and that is attested."""

from dataclasses import replace

from chalicelib.domain.errors import VersionGoneError
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome, Put, decided
from chalicelib.domain.ledger.events import EventDraft, Stamp, Trigger
from chalicelib.domain.models.model import Model
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.schemes.scheme import Scheme
from chalicelib.domain.versions.version import PurgeReceipt, Status, Version


def restore(model: Model, scheme: Scheme, version: Version, reason: str | None, stamp: Stamp) -> Decision[Version]:
    """Bring a deleted version back, READY and in the stage where it stood, without aliases.

    It returns to the initial stage if nothing may come to its old one without being judged: a stage that holds, or
    one that the scheme no longer has. Raises VersionGoneError once its bytes are being removed.
    """
    if version.status is not Status.DELETED or version.ready_at is None:
        raise VersionGoneError(
            f"Version {version.number} of {model.name!r} is {version.status}"
            + (" and was never READY" if version.ready_at is None else "")
            + "; only a deleted version whose bytes are still there can be restored."
        )
    number = version.number
    stood = scheme.stages.get(version.stage)
    stage = version.stage if stood is not None and not stood.holding else scheme.initial
    restored = replace(
        version,
        status=Status.READY,
        stage=stage,
        burial=None,
        restored_at=stamp.time,
    )
    entered = model.stages.get(stage, Pointer()).moved_to(number)
    return decided(
        restored,
        replace(model, stages={**model.stages, stage: entered}),
        EventDraft(
            event_types.VERSION_RESTORED,
            {"status": version.status},
            {"status": Status.READY, "stage": stage, "digest": version.digest},
            version=number,
            reason=reason,
        ),
        Put(restored),
        subject=str(number),
    )


def start_purge(model: Model, version: Version, stamp: Stamp) -> Outcome[bool]:
    """Say that a deleted version's bytes are about to go; answers whether they may.

    From here on it can neither be restored nor held. Committed before the first byte goes, so that no restore or
    hold committed in between finds its bytes gone. An expired version can be neither, and needs no word.
    """
    if version.status in (Status.EXPIRED, Status.PURGING):
        return NoChange(True)
    due = version.burial is not None and version.burial.purge_at <= stamp.time
    if version.status is not Status.DELETED or not due or version.legal_hold is not None:
        return NoChange(False)
    return decided(
        True,
        model,
        EventDraft(
            event_types.VERSION_PURGE_STARTED,
            {"status": version.status},
            {"status": Status.PURGING},
            version=version.number,
            trigger=Trigger.KEEPER,
        ),
        Put(replace(version, status=Status.PURGING)),
    )


def purge(model: Model, version: Version, receipt: PurgeReceipt) -> Outcome[None]:
    """Attest that the bytes of a deleted or expired version are gone. The first receipt stands."""
    if version.status not in (Status.EXPIRED, Status.PURGING) or version.burial is None:
        return NoChange(None)
    purged = replace(version, status=Status.PURGED, burial=replace(version.burial, receipt=receipt))
    return decided(
        None,
        model,
        EventDraft(
            event_types.VERSION_PURGED,
            {"status": version.status},
            {"status": Status.PURGED, "receipt": receipt.document()},
            version=version.number,
            trigger=Trigger.KEEPER,
        ),
        Put(purged),
    )
