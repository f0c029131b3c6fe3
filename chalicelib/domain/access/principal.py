"""Who may do what. A role is a set of actions; a grant gives a role on the models whose names match a pattern.

A grant can be limited to some classifications of models. It then says nothing of a model until its classification is
known.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from chalicelib.domain.classification import WORDS, Classification, words_of
from chalicelib.domain.errors import InvalidInputError, ModelNotFoundError, PermissionDeniedError

ANY_MODEL: Final = "*"
MAX_GRANTS: Final = 20
MAX_PATTERN: Final = 256


class Action(StrEnum):
    """What a grant can allow. READ covers metadata only; DOWNLOAD covers the files."""

    READ = "read"
    DOWNLOAD = "download"
    REGISTER = "register"
    ANNOTATE = "annotate"
    REPORT = "report"  # checks, evaluations and windows of monitors, measured outside
    COMMENT = "comment"
    REQUEST = "request"
    APPROVE = "approve"
    TRANSITION = "transition"
    MOVE_PROTECTED_ALIAS = "move_protected_alias"
    MANAGE = "manage"
    FREEZE = "freeze"  # freeze a model, lock a version
    HOLD = "hold"  # legal hold
    DEPLOY = "deploy"
    AUDIT = "audit"
    OVERRIDE = "override"  # break glass: a transition against its gates
    MANAGE_WEBHOOKS = "manage_webhooks"
    MANAGE_SCHEMES = "manage_schemes"
    ADMINISTER = "administer"  # tokens, roles, grants, trust


class Role(StrEnum):
    """The built-in roles. ``ROLE_ACTIONS`` says what each allows."""

    VIEWER = "viewer"
    CONSUMER = "consumer"
    CONTRIBUTOR = "contributor"
    REVIEWER = "reviewer"
    MAINTAINER = "maintainer"
    AUDITOR = "auditor"
    ADMIN = "admin"


_VIEWER = frozenset({Action.READ})
_CONSUMER = _VIEWER | {Action.DOWNLOAD}
_CONTRIBUTOR = _CONSUMER | {Action.REGISTER, Action.ANNOTATE, Action.REPORT, Action.COMMENT, Action.REQUEST}
_REVIEWER = _CONSUMER | {Action.COMMENT, Action.APPROVE}
_MAINTAINER = (
    _CONTRIBUTOR
    | _REVIEWER
    | {Action.TRANSITION, Action.MOVE_PROTECTED_ALIAS, Action.MANAGE, Action.FREEZE, Action.DEPLOY}
)

ROLE_ACTIONS: Final[Mapping[Role, frozenset[Action]]] = {
    Role.VIEWER: _VIEWER,
    Role.CONSUMER: _CONSUMER,
    Role.CONTRIBUTOR: _CONTRIBUTOR,
    Role.REVIEWER: _REVIEWER,
    Role.MAINTAINER: _MAINTAINER,
    Role.AUDITOR: _VIEWER | {Action.AUDIT},
    Role.ADMIN: frozenset(Action),
}
# What somebody may not do, before the model or the registry to which it was refused.
_IN_WORDS: Final[Mapping[Action, str]] = {
    Action.READ: "read",
    Action.DOWNLOAD: "download files of",
    Action.REGISTER: "register versions of",
    Action.ANNOTATE: "annotate",
    Action.REPORT: "report checks, evaluations or windows on",
    Action.COMMENT: "comment on",
    Action.REQUEST: "request moves of",
    Action.APPROVE: "approve or reject requests of",
    Action.TRANSITION: "move versions and aliases of",
    Action.MOVE_PROTECTED_ALIAS: "move protected aliases of",
    Action.MANAGE: "manage",
    Action.FREEZE: "freeze or lock",
    Action.HOLD: "place or release legal holds on",
    Action.DEPLOY: "deploy versions of",
    Action.AUDIT: "audit",
    Action.OVERRIDE: "override gates and approvals of",
    Action.MANAGE_WEBHOOKS: "manage webhooks of",
    Action.MANAGE_SCHEMES: "manage schemes of",
    Action.ADMINISTER: "administer",
}
_BUILT_IN: Final[Mapping[str, frozenset[Action]]] = {role.value: actions for role, actions in ROLE_ACTIONS.items()}


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, built-in or custom, on the models whose names match ``models``.

    The pattern has 1 to 256 characters; ``*`` matches any run of characters. ``classifications`` are words of
    ``classification.WORDS``, each once, in that order: the grant holds for the models whose classification has no other
    words. Without any, it holds for all. Raises InvalidInputError.
    """

    role: str
    models: str
    classifications: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= len(self.models) <= MAX_PATTERN:
            raise InvalidInputError(f"A grant's pattern of model names has 1 to {MAX_PATTERN} characters.")
        if self.classifications != tuple(word for word in WORDS if word in self.classifications):
            raise InvalidInputError(f"A grant's classifications are some of {', '.join(WORDS)}, in this order.")

    @property
    def limited(self) -> bool:
        """Whether the grant holds only for models of some classifications."""
        return bool(self.classifications)

    @property
    def everywhere(self) -> bool:
        """Whether the grant holds for every model, whatever its name and classification, and so for the registry."""
        return self.models == ANY_MODEL and not self.limited

    def covers(self, model: str) -> bool:
        """Whether the grant is for the model of this name, as far as the name decides."""
        return matches(self.models, model)

    def admits(self, classification: Classification | None) -> bool:
        """Whether the grant holds for models of this classification; None is that of models without one."""
        return not self.limited or words_of(classification) <= frozenset(self.classifications)

    def reaches(self, prefix: str) -> bool:
        """Whether the grant can cover a name that begins with ``prefix``.

        The part of the pattern before its first ``*`` decides.
        """
        head, star, _ = self.models.partition("*")
        return head.startswith(prefix) or (bool(star) and prefix.startswith(head))

    def covers_all(self, prefix: str) -> bool:
        """Whether the grant holds for every model whose name begins with ``prefix``."""
        head, star, rest = self.models.partition("*")
        return bool(star) and not rest.strip("*") and prefix.startswith(head) and not self.limited


@dataclass(frozen=True, slots=True)
class Principal:
    """An authenticated caller: its name in the audit trail, its grants and its groups.

    ``roles`` maps the custom roles among the grants to their actions. A role that is neither there nor built in allows
    nothing. ``person`` is who holds the caller's token, if that is somebody else than its name says. ``claims`` are
    those of an OIDC token that its trust has conditions on: schemes can ask for more of them. ``classifications`` are
    those of models, as far as they are known: a limited grant holds for no model that is not among them. Whoever makes
    the principal may give a mapping that looks them up.
    """

    name: str
    grants: tuple[Grant, ...]
    groups: tuple[str, ...] = ()
    roles: Mapping[str, frozenset[Action]] = field(default_factory=dict, hash=False)
    person: str = ""
    claims: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    classifications: Mapping[str, Classification | None] = field(default_factory=dict, hash=False, compare=False)

    def roles_on(self, model: str) -> tuple[str, ...]:
        """The names of the roles that the caller has on ``model``, sorted."""
        return tuple(
            sorted({str(grant.role) for grant in self.grants if grant.covers(model) and self._admitted(grant, model)})
        )

    def may(self, action: Action, model: str) -> bool:
        """Whether a grant allows ``action`` on ``model``. Looks at its classification only if that decides."""
        able = [grant for grant in self.grants if action in self.actions(grant) and grant.covers(model)]
        return any(not grant.limited for grant in able) or any(self._admitted(grant, model) for grant in able)

    def hinges(self, action: Action, model: str) -> bool:
        """Whether it is the classification of ``model`` that decides if ``action`` is allowed."""
        able = [grant for grant in self.grants if action in self.actions(grant) and grant.covers(model)]
        return bool(able) and all(grant.limited for grant in able)

    def may_on_some(self, action: Action, prefix: str) -> bool:
        """Whether a grant may allow ``action`` on a model whose name begins with ``prefix``."""
        return any(action in self.actions(grant) and grant.reaches(prefix) for grant in self.grants)

    def may_on_all(self, action: Action, prefix: str) -> bool:
        """Whether a grant allows ``action`` on every model whose name begins with ``prefix``."""
        return any(action in self.actions(grant) and grant.covers_all(prefix) for grant in self.grants)

    def may_registry(self, action: Action) -> bool:
        """Whether a grant allows ``action`` on the registry as a whole: its pattern is ``*``, and it is not limited."""
        return any(action in self.actions(grant) and grant.everywhere for grant in self.grants)

    def actions(self, grant: Grant) -> frozenset[Action]:
        """The actions that a grant of this principal allows."""
        return actions_of(grant.role, self.roles)

    def check(self, action: Action, model: str, hides: bool = True) -> None:
        """Raise PermissionDeniedError unless ``action`` is allowed on ``model``.

        If the model's classification keeps the caller from reading it, ModelNotFoundError instead: nobody learns of
        such a model by asking for it. Not if ``hides`` is false, for a caller who is about to give a model this name.
        """
        if self.may(action, model):
            return
        if hides and self.hinges(Action.READ, model) and not self.may(Action.READ, model):
            raise ModelNotFoundError(f"There is no model {model!r}.")
        where = " on models of its classification" if self.hinges(action, model) else ""
        raise self._refusal(action, f"the model {model!r}", where)

    def check_registry(self, action: Action) -> None:
        """Raise PermissionDeniedError unless ``action`` is allowed on the registry as a whole."""
        if not self.may_registry(action):
            raise self._refusal(action, "the registry", f" on '{ANY_MODEL}'")

    def _admitted(self, grant: Grant, model: str) -> bool:
        """Whether the grant holds for the classification of ``model``, as far as that is known."""
        return not grant.limited or (model in self.classifications and grant.admits(self.classifications[model]))

    def _refusal(self, action: Action, what: str, where: str) -> PermissionDeniedError:
        roles = " or ".join(roles_with(action))
        return PermissionDeniedError(
            f"You ({self.name}) may not {_IN_WORDS[action]} {what}: "
            f"ask an administrator for a role that has {action}{where}, such as {roles}."
        )


def person_of(principal: str) -> str:
    """The person behind a principal's name.

    An OIDC subject who comes through two trusts is one person with one vote, so the trust is left out of the name.
    """
    kind, _, rest = principal.partition(":")
    return f"oidc:{rest.partition(':')[2]}" if kind == "oidc" else principal


def actions_of(role: str, custom: Mapping[str, frozenset[Action]]) -> frozenset[Action]:
    """The actions of a role; none for an unknown one. ``custom`` maps custom roles to theirs, but built-in ones win."""
    built_in = _BUILT_IN.get(role)
    return custom.get(role, frozenset()) if built_in is None else built_in


def is_built_in(role: str) -> bool:
    return role in _BUILT_IN


def custom_roles(grants: Iterable[Grant]) -> tuple[str, ...]:
    """The custom roles that grants name, each once, sorted."""
    return tuple(sorted({grant.role for grant in grants if not is_built_in(grant.role)}))


def classification_words(words: Iterable[str]) -> tuple[str, ...]:
    """These classifications as a grant has them: each once, in order. Raises InvalidInputError for an unknown one."""
    given = frozenset(words)
    unknown = sorted(given.difference(WORDS))
    if unknown:
        raise InvalidInputError(f"There is no classification {unknown[0]!r}. There are {', '.join(WORDS)}.")
    return tuple(word for word in WORDS if word in given)


def grants_document(grants: Iterable[Grant]) -> list[dict[str, Any]]:
    return [grant_document(grant) for grant in grants]


def grant_document(grant: Grant) -> dict[str, Any]:
    """A grant as it is stored and shown. Without ``classifications``, it holds for all, as grants did before."""
    limit = {"classifications": list(grant.classifications)} if grant.limited else {}
    return {"role": str(grant.role), "models": grant.models, **limit}


def grants_from_document(stored: Iterable[Mapping[str, Any]]) -> tuple[Grant, ...]:
    return tuple(Grant(grant["role"], grant["models"], tuple(grant.get("classifications", ()))) for grant in stored)


def roles_with(action: Action) -> list[str]:
    """The built-in roles that allow ``action``."""
    return [role.value for role, actions in ROLE_ACTIONS.items() if action in actions]


def matches(pattern: str, text: str) -> bool:
    """Whether the whole ``text`` matches ``pattern``, case-sensitively. ``*`` matches any run of characters."""
    return _compiled(pattern).fullmatch(text) is not None


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    # A run of '*' counts as one: "a**b" must not cost more than "a*b".
    parts = re.split(r"\*+", pattern)
    return re.compile("(?s:" + ".*".join(re.escape(part) for part in parts) + ")")
