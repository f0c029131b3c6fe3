"""Who gives the right to administer: the tokens, grants and trusts with an administering role on every model.

The list lies in the head of the registry's ledger. So the rule against locking everybody out needs no look at all
records, and of two removals at once, each of which leaves the other's administrator, only one can be committed.
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
    """A record (``token:<id>``, ``grant:<subject>``, ``trust:<name>``) that lets somebody administer until ``until``.

    ``roles`` are those of its roles that do so, never empty.
    """

    source: str
    roles: tuple[str, ...]
    until: Instant | None = None

    def stands(self, now: Instant) -> bool:
        return self.until is None or now < self.until


def with_source(
    standing: Iterable[Administrator], source: str, roles: Iterable[str], until: Instant | None, now: Instant
) -> tuple[Administrator, ...]:
    """The administrators when the record ``source`` has just these administering roles; expired ones are dropped."""
    administering = tuple(sorted(set(roles)))
    kept = [one for one in standing if one.source != source and one.stands(now)]
    if administering:
        kept.append(Administrator(source, administering, until))
    return _ordered(kept)


def without_role(standing: Iterable[Administrator], role: str, now: Instant) -> tuple[Administrator, ...]:
    """The administrators when ``role`` no longer lets anybody administer."""
    left = (Administrator(one.source, tuple(r for r in one.roles if r != role), one.until) for one in standing)
    return _ordered(one for one in left if one.roles and one.stands(now))


def check_not_locked_out(
    before: Iterable[Administrator], after: Iterable[Administrator], actor: str, now: Instant
) -> None:
    """Raise LastAdministratorError if the change removes the last administrator and is not the bootstrap's own."""
    if actor == BOOTSTRAP or any(one.stands(now) for one in after):
        return
    last = [one.source for one in before if one.stands(now)]
    if last:
        raise LastAdministratorError(
            f"{', '.join(last)} is the last that lets anybody administer the registry. Let another administer first, "
            "or do this with the bootstrap administrator's token."
        )


def _ordered(administrators: Iterable[Administrator]) -> tuple[Administrator, ...]:
    found = tuple(sorted(administrators, key=lambda one: one.source))
    if len(found) > MAX_ADMINISTRATORS:
        raise LimitExceededError(
            f"At most {MAX_ADMINISTRATORS} tokens, grants and trusts may let somebody administer at a time."
        )
    return found
