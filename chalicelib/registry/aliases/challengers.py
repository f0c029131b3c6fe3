"""The champion and its challenger: name one, see both side by side, promote it or retire it."""

from dataclasses import dataclass

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.aws.versions import items as version_items
from chalicelib.domain.aliases import decisions
from chalicelib.domain.aliases.decisions import Expected
from chalicelib.domain.aliases.protection import check_may_move
from chalicelib.domain.evidence.comparison import Comparison
from chalicelib.domain.ledger.decision import Decision
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.models.model import CHALLENGER, CHAMPION, Model
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.versions.contents import Manifest
from chalicelib.registry.aliases import aliases
from chalicelib.registry.aliases.aliases import AliasView, alias_view, get_alias, matched, with_view
from chalicelib.registry.evidence.comparison import compare_numbers
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model, change_model_on, loaded_model, model_keys
from chalicelib.registry.models.models import model_head
from chalicelib.registry.versions.loaded import loaded_version


@dataclass(frozen=True, slots=True)
class ChallengerComparison:
    """The champion and its challenger, if there are any. Differences are the challenger's from the champion's."""

    model: str
    champion: int | None
    challenger: int | None
    comparison: Comparison | None


def set_challenger(
    services: Services, request: Request, model: str, version: int, expected: Expected | None, reason: str | None
) -> Changed[AliasView]:
    """Make a READY version the challenger, by pointing the alias ``challenger`` at it."""
    return aliases.set_alias(services, request, model, CHALLENGER, version, expected, reason)


def get_contest(services: Services, model: str) -> ChallengerComparison:
    """The challenger beside the champion, in two reads: the head says which two. Raises ModelNotFoundError."""
    head = model_head(services, model)
    champion, challenger = (head.aliases.get(alias, Pointer()).version for alias in (CHAMPION, CHALLENGER))
    comparison = None
    if champion is not None and challenger is not None:
        comparison = compare_numbers(services, model, [champion, challenger])
    return ChallengerComparison(model, champion, challenger, comparison)


def promote_challenger(
    services: Services, request: Request, model: str, expected: int | None, reason: str | None
) -> Changed[AliasView]:
    """Point the champion at the challenger's version and drop the challenger, in one transaction.

    Raises AliasNotFoundError, AliasMovedError, PermissionDeniedError. One read, because an alias carries its
    version and its files.
    """

    def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[AliasView]:
        current = _movable(snapshot, model, request, CHAMPION, CHALLENGER)
        current.alias(CHALLENGER)
        matched(snapshot, model, CHALLENGER, request)
        number = current.alias(CHALLENGER).version
        version = loaded_version(snapshot, model, number or 0)
        made = decisions.promote_challenger(current, version, expected, reason)
        champion = snapshot.item(keys.alias(model, CHAMPION))
        if champion is not None and current.alias(CHAMPION).version == number:
            shown = alias_view(model, champion)
            return made.replaced(shown)
        return with_view(made, CHAMPION, stamp)

    def read(first: Snapshot) -> tuple[Snapshot, Snapshot]:
        whole = _with_aliased(first, model, CHALLENGER)
        return whole, whole

    asked = [*model_keys(model), keys.alias(model, CHAMPION), keys.alias(model, CHALLENGER)]
    return change_model_on(
        services, request, model, read, decide, lambda _: get_alias(services, model, CHAMPION), asked
    )


def retire_challenger(services: Services, request: Request, model: str, reason: str | None) -> Changed[None]:
    """Drop the challenger; the champion stays. Raises AliasNotFoundError, PermissionDeniedError."""

    def decide(snapshot: Snapshot, _: Stamp) -> Decision[None]:
        current = _movable(snapshot, model, request, CHALLENGER)
        current.alias(CHALLENGER)
        matched(snapshot, model, CHALLENGER, request)
        return decisions.retire_challenger(current, reason)

    asked = [*model_keys(model), keys.alias(model, CHALLENGER)]
    return change_model(services, request, model, decide, lambda _: None, asked)


def _with_aliased(snapshot: Snapshot, model: str, alias: str) -> Snapshot:
    """The snapshot with the version and the files of which the alias carries a copy."""
    stored = snapshot.item(keys.alias(model, alias))
    if stored is None:
        return snapshot
    version = version_items.version_from(stored)
    files = version_items.files_from(str(stored["files"]))
    return snapshot.knowing(version, Manifest(version.number, files))


def _movable(snapshot: Snapshot, model: str, request: Request, *names: str) -> Model:
    current = loaded_model(snapshot, model)
    check_may_move(current, request.principal, *names)
    return current
