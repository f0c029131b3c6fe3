"""The administrators: the tokens, grants and trusts that give an administering role on every model.

The list is kept in the head of the registry's ledger. So the rule against locking everybody out need not read all
records. And if two callers each remove what the other would leave as the last administrator, only one can commit.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from chalicelib.domain.errors import LastAdministratorError, LimitExceededError
from chalicelib.domain.instants import Instant

MAX_ADMINISTRATORS: Final = 200
# The bearer of the stack's own secret. No registry token may take this name.
BOOTSTRAP: Final = "token:bootstrap"


@dataclass(frozen=True, slots=True)
class Administrator:
    """A record that lets somebody administer the registry until ``until``; for good, if that is None.

    ``source`` is ``token:<id>``, ``grant:<subject>`` or ``trust:<name>``. ``roles`` are the record's roles that allow
    administering, at least one.
    """

    source: str
    roles: tuple[str, ...]
    until: Instant | None = None

    def is_active(self, now: Instant) -> bool:
        """Whether the record has not expired."""
        return self.until is None or now < self.until


def with_source(
    administrators: Iterable[Administrator], source: str, roles: Iterable[str], until: Instant | None, now: Instant
) -> tuple[Administrator, ...]:
    """The administrators after the record ``source`` got these administering roles, and no others.

    Expired ones are dropped. Raises LimitExceededError for more than 200.
    """
    administering = tuple(sorted(set(roles)))
    kept = [one for one in administrators if one.source != source and one.is_active(now)]
    if administering:
        kept.append(Administrator(source, administering, until))
    return _ordered(kept)


def without_role(administrators: Iterable[Administrator], role: str, now: Instant) -> tuple[Administrator, ...]:
    """The administrators after ``role`` stopped allowing to administer. Expired ones are dropped."""
    left = (Administrator(one.source, tuple(r for r in one.roles if r != role), one.until) for one in administrators)
    return _ordered(one for one in left if one.roles and one.is_active(now))


def check_not_locked_out(
    before: Iterable[Administrator], after: Iterable[Administrator], actor: str, now: Instant
) -> None:
    """Raise LastAdministratorError if the change removes the last administrator. The bootstrap token may do so."""
    if actor == BOOTSTRAP or any(one.is_active(now) for one in after):
        return
    last = [one.source for one in before if one.is_active(now)]
    if last:
        raise LastAdministratorError(
            f"{', '.join(last)} is the last that lets anybody administer the registry. Let somebody else administer it "
            "first, or do this with the bootstrap administrator's token."
        )


def _ordered(administrators: Iterable[Administrator]) -> tuple[Administrator, ...]:
    ordered = tuple(sorted(administrators, key=lambda one: one.source))
    if len(ordered) > MAX_ADMINISTRATORS:
        raise LimitExceededError(
            f"At most {MAX_ADMINISTRATORS} tokens, grants and trusts may let somebody administer at a time."
        )
    return ordered
