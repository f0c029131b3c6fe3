"""Who may do something, and by which grant."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from chalicelib.aws import keys
from chalicelib.aws.access.items import grants_from, token_from, trust_from
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.domain.access.administrators import BOOTSTRAP
from chalicelib.domain.access.principal import ANY_MODEL, Action, Grant, Role, actions_of
from chalicelib.domain.access.subjects import GROUP_PREFIX
from chalicelib.domain.access.trust import Iam
from chalicelib.domain.classification import Classification
from chalicelib.domain.instants import Instant
from chalicelib.registry.access.classified import ReadClassifications
from chalicelib.registry.access.roles import list_roles
from chalicelib.registry.page import Page


@dataclass(frozen=True, slots=True)
class AccessPath:
    """One grant by which somebody may: the record (``kind`` and ``id``) that holds it, and for whom it is.

    Members of a group are not looked up: a token's path shows its groups.
    """

    kind: str
    id: str
    principal: str
    grant: Grant
    until: Instant | None = None
    groups: tuple[str, ...] = ()


_Reader: TypeAlias = Callable[[Item, Instant], Iterator[AccessPath]]


def who_may(
    services: Services, action: Action, model: str, limit: int, start: dict[str, str | int] | None
) -> Page[AccessPath]:
    """The ways to do ``action`` on ``model`` (``*`` for the registry as a whole), a page of records at a time.

    A grant that is limited to other classifications than the model's is none of them.

    ``limit`` counts the records looked at, so a page may be short while there are more.
    """
    kinds = list(_READERS)
    kind = kinds[0] if start is None else str(start["kind"])
    after = str(start["after"]) if start is not None and start["after"] else None
    custom = {role.name: role.actions for role in list_roles(services)}
    stored, last = services.table.query(keys.REGISTRY, kind, limit, after)
    now = services.clock()
    paths = [path for item in stored for path in _READERS[kind](item, now)]
    if start is None:
        paths.insert(0, AccessPath("bootstrap", "bootstrap", BOOTSTRAP, Grant(Role.ADMIN, ANY_MODEL)))
    classifications = ReadClassifications(services.table)
    allowed = tuple(
        path
        for path in paths
        if action in actions_of(path.grant.role, custom) and _concerns(path.grant, model, classifications)
    )
    if last is not None:
        return Page(allowed, {"kind": kind, "after": last})
    following = kinds.index(kind) + 1
    return Page(allowed, {"kind": kinds[following], "after": ""} if following < len(kinds) else None)


def _concerns(grant: Grant, model: str, classifications: Mapping[str, Classification | None]) -> bool:
    # The registry as a whole is no model: no pattern but its own takes it in.
    if model == ANY_MODEL:
        return grant.everywhere
    return grant.covers(model) and (not grant.limited or grant.admits(classifications[model]))


def _of_token(stored: Item, now: Instant) -> Iterator[AccessPath]:
    token = token_from(stored)
    if token.is_active(now):
        groups = tuple(f"{GROUP_PREFIX}{group}" for group in token.groups)
        yield from _paths("token", token.id, f"token:{token.name}", token.grants, token.expires_at, groups)


def _of_grants(stored: Item, _: Instant) -> Iterator[AccessPath]:
    held = grants_from(stored)
    yield from _paths("grant", held.id, held.subject, held.grants)


def _of_trust(stored: Item, _: Instant) -> Iterator[AccessPath]:
    trust = trust_from(stored)
    principals = (
        [f"iam:{arn}" for arn in trust.terms.arns] if isinstance(trust.terms, Iam) else [f"oidc:{trust.name}:*"]
    )
    for principal in principals:
        yield from _paths("trust", trust.name, principal, trust.grants)


def _paths(
    kind: str,
    record: str,
    principal: str,
    granted: Iterable[Grant],
    until: Instant | None = None,
    groups: tuple[str, ...] = (),
) -> Iterator[AccessPath]:
    return (AccessPath(kind, record, principal, grant, until, groups) for grant in granted)


# By where the records lie.
_READERS: Final[Mapping[str, _Reader]] = {
    keys.TOKEN_PREFIX: _of_token,
    keys.GRANTS_PREFIX: _of_grants,
    keys.TRUST_PREFIX: _of_trust,
}
