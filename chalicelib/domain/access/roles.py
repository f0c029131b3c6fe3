"""Custom roles: named sets of actions, and which records use them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

from chalicelib.domain.access.principal import Action, is_built_in
from chalicelib.domain.errors import BuiltInRoleError, InvalidInputError, InvalidNameError, LimitExceededError
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.ledger.record import Identity, Record

KIND: Final = "ROLE"
MAX_ROLES: Final = 100
MAX_HOLDERS: Final = 200
MAX_DESCRIPTION: Final = 500
_NAME: Final = re.compile(r"[a-z][a-z0-9_\-]{0,63}")


@dataclass(frozen=True, slots=True)
class Holder:
    """A record that uses the role. ``everywhere``: on every model. ``until``: when it expires, None for never."""

    everywhere: bool
    until: Instant | None = None

    def is_active(self, now: Instant) -> bool:
        """Whether the record has not expired."""
        return self.until is None or now < self.until


@dataclass(frozen=True, slots=True)
class CustomRole(Record, kind="role"):
    """A role that an administrator made. ``holders`` are the records that name it, by their source."""

    name: str
    actions: frozenset[Action]
    description: str
    created_at: Instant
    created_by: str
    updated_at: Instant = Instant("")
    revision: int = 0
    holders: Mapping[str, Holder] = field(default_factory=dict, hash=False)

    @property
    def identity(self) -> Identity:
        return (CustomRole, self.name)

    def stamped(self, before: Self | None, stamp: Stamp) -> Self:
        # Who names the role is no change of it.
        if before is not None and (before.actions, before.description) == (self.actions, self.description):
            return self
        return replace(self, updated_at=stamp.time, revision=stamp.revision)

    def standing(self, now: Instant) -> dict[str, Holder]:
        """The holders that have not expired."""
        return {source: holder for source, holder in self.holders.items() if holder.is_active(now)}

    def held_by(self, source: str, holder: Holder, now: Instant) -> "CustomRole":
        """The role after ``source`` began to use it. Raises LimitExceededError for more than 200 holders."""
        held = self.standing(now) | {source: holder}
        if len(held) > MAX_HOLDERS:
            raise LimitExceededError(
                f"At most {MAX_HOLDERS} tokens, grants and trusts may use the role {self.name!r}: "
                "grant it to a group, and put the tokens into the group."
            )
        return replace(self, holders=held)

    def released_by(self, source: str, now: Instant) -> "CustomRole":
        """The role after ``source`` stopped using it."""
        kept = {holder: use for holder, use in self.standing(now).items() if holder != source}
        return replace(self, holders=kept)


def role_name(name: str) -> str:
    """The name of a custom role. Raises InvalidNameError, BuiltInRoleError."""
    if not _NAME.fullmatch(name):
        raise InvalidNameError(
            "A role's name has 1 to 64 lower-case letters, digits, '-' and '_', and begins with a letter."
        )
    if is_built_in(name):
        raise BuiltInRoleError(f"{name!r} is a built-in role and cannot be changed. Choose another name.")
    return name


def action_set(actions: Iterable[str]) -> frozenset[Action]:
    """The actions of a custom role. Raises InvalidInputError if there are none."""
    allowed = frozenset(Action(action) for action in actions)
    if not allowed:
        raise InvalidInputError("A role allows at least one action.")
    return allowed


def role_description(text: str) -> str:
    """A role's description, at most 500 characters. Raises InvalidInputError."""
    if len(text) > MAX_DESCRIPTION:
        raise InvalidInputError(f"A role's description has at most {MAX_DESCRIPTION} characters.")
    return text


def public_document(role: CustomRole) -> dict[str, Any]:
    return {
        "name": role.name,
        "actions": sorted(action.value for action in role.actions),
        "description": role.description,
        "created_at": role.created_at,
        "created_by": role.created_by,
        "updated_at": role.updated_at,
    }
