"""The champion and its challenger: name one, see both side by side, promote it or retire it."""

from dataclasses import dataclass

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.services import Services
from chalicelib.domain.aliases import decisions
from chalicelib.domain.aliases.decisions import Expected
from chalicelib.domain.aliases.protection import check_may_move, check_may_take
from chalicelib.domain.evidence.comparison import Comparison
from chalicelib.domain.ledger.decision import Decision
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.models.model import CHALLENGER, CHAMPION, Model
from chalicelib.domain.models.pointers import Pointer
from chalicelib.registry.aliases import aliases
from chalicelib.registry.aliases.aliases import AliasView, alias_view, get_alias, matched, with_view
from chalicelib.registry.evidence.comparison import compare_numbers
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model, loaded_model, model_keys
from chalicelib.registry.models.models import model_head
from chalicelib.registry.versions.aliased import checked
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

    Raises AliasNotFoundError, AliasMovedError, PermissionDeniedError. Costs a second read: which version the
    challenger is is known only once the model is read.
    """

    def more(snapshot: Snapshot) -> list[Key]:
        number = loaded_model(snapshot, model).alias(CHALLENGER).version
        return [] if number is None else model_keys(model, versions=[number], manifests=[number])

    def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[AliasView]:
        current = _movable(snapshot, model, request, CHAMPION, CHALLENGER)
        current.alias(CHALLENGER)
        matched(snapshot, model, CHALLENGER, request)
        number = current.alias(CHALLENGER).version
        version = loaded_version(snapshot, model, number or 0)
        made = decisions.promote_challenger(current, version, expected, reason)
        champion = snapshot.item(keys.alias(model, CHAMPION))
        if champion is not None and current.alias(CHAMPION).version == number:
            shown = alias_view(model, checked(services, model, CHAMPION, champion))
            return made.replaced(shown)
        check_may_take(current, version, stamp.time, CHAMPION)
        return with_view(made, CHAMPION, stamp)

    asked = [*model_keys(model), keys.alias(model, CHAMPION), keys.alias(model, CHALLENGER)]
    return change_model(services, request, model, decide, lambda _: get_alias(services, model, CHAMPION), asked, more)


def retire_challenger(services: Services, request: Request, model: str, reason: str | None) -> Changed[None]:
    """Drop the challenger; the champion stays. Raises AliasNotFoundError, PermissionDeniedError."""

    def decide(snapshot: Snapshot, _: Stamp) -> Decision[None]:
        current = _movable(snapshot, model, request, CHALLENGER)
        current.alias(CHALLENGER)
        matched(snapshot, model, CHALLENGER, request)
        return decisions.retire_challenger(current, reason)

    asked = [*model_keys(model), keys.alias(model, CHALLENGER)]
    return change_model(services, request, model, decide, lambda _: None, asked)


def _movable(snapshot: Snapshot, model: str, request: Request, *names: str) -> Model:
    current = loaded_model(snapshot, model)
    check_may_move(current, request.principal, *names)
    return current
