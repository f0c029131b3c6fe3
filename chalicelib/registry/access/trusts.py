"""Trust in identities from elsewhere: set, read, list, delete; and what a process remembers of it."""

from collections.abc import Sequence

from chalicelib.aws import keys
from chalicelib.aws.access.items import trust_from
from chalicelib.aws.keys import Key
from chalicelib.aws.services import Services
from chalicelib.domain.access import trust_decisions as decisions
from chalicelib.domain.access.principal import Grant
from chalicelib.domain.access.trust import Oidc, Terms, Trust
from chalicelib.domain.errors import InvalidInputError, Problem, TrustNotFoundError
from chalicelib.domain.ledger.decision import Decision, Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.registry.access.client_secrets import with_secret
from chalicelib.registry.access.registry_ledger import change_registry, loaded_state
from chalicelib.registry.access.roles import loaded_roles, role_keys
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.page import Page

_PAGE = 100


def set_trust(
    services: Services,
    request: Request,
    name: str,
    terms: Terms,
    grants: Sequence[Grant],
    client_secret: str | None = None,
) -> Changed[Trust]:
    """Trust on these terms, in place of the terms that ``name`` had.

    ``client_secret`` is for signing in: an empty text removes it, None keeps the one that the same client had. Raises
    InvalidInputError, PreconditionFailedError, LastAdministratorError.
    """
    complete = with_secret(services, name, terms, client_secret)
    if isinstance(terms, Oidc) and not terms.issuer.startswith("https://"):
        _check_private(services, terms.issuer)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[Trust]:
        standing = snapshot.get(Trust, name)
        request.check_match(0 if standing is None else standing.revision)
        named = [*(() if standing is None else standing.grants), *grants]
        roles = loaded_roles(snapshot, named)
        wanted = complete(standing)
        return decisions.set_trust(loaded_state(snapshot), standing, name, wanted, grants, roles, stamp)

    def more(snapshot: Snapshot) -> list[Key]:
        standing = snapshot.get(Trust, name)
        return [] if standing is None else role_keys(standing.grants)

    asked = [keys.trust(name), *role_keys(grants)]
    return change_registry(services, request, decide, lambda _: get_trust(services, name), asked, more)


def get_trust(services: Services, name: str) -> Trust:
    """Raises TrustNotFoundError."""
    stored = services.table.get(keys.trust(name))
    if stored is None:
        raise _missing(name)
    return trust_from(stored)


def list_trusts(services: Services, limit: int, start: dict[str, str | int] | None) -> Page[Trust]:
    """All trusts, by name."""
    after = None if start is None else keys.trust(str(start["name"])).sort
    stored, last = services.table.query(keys.REGISTRY, keys.TRUST_PREFIX, limit, after)
    trusts = tuple(map(trust_from, stored))
    return Page(trusts, {"name": trusts[-1].name} if last is not None and trusts else None)


def delete_trust(services: Services, request: Request, name: str) -> Changed[None]:
    """Trust no longer. Raises TrustNotFoundError, PreconditionFailedError, LastAdministratorError."""

    def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[None]:
        standing = snapshot.get(Trust, name)
        if standing is None:
            raise _missing(name)
        request.check_match(standing.revision)
        return decisions.delete_trust(loaded_state(snapshot), standing, loaded_roles(snapshot, standing.grants), stamp)

    def more(snapshot: Snapshot) -> list[Key]:
        standing = snapshot.get(Trust, name)
        return [] if standing is None else role_keys(standing.grants)

    return change_registry(services, request, decide, lambda _: None, [keys.trust(name)], more)


def known_trusts(services: Services) -> tuple[Trust, ...]:
    """Every trust, by name, as this process last read them: at most ``MEMORY_SECONDS`` ago."""
    return services.remember(("trusts",), lambda: _all(services))


def _all(services: Services) -> tuple[Trust, ...]:
    found: list[Trust] = []
    start: dict[str, str | int] | None = None
    while True:
        page = list_trusts(services, _PAGE, start)
        found += page.items
        start = page.next_start
        if start is None:
            return tuple(found)


def _missing(name: str) -> TrustNotFoundError:
    return TrustNotFoundError(f"There is no trust {name!r}.")


def _check_private(services: Services, issuer: str) -> None:
    """Plain http is for networks that the stack's operator allows by name."""
    from chalicelib.aws.webhooks.outbound import OutboundFailedError, OutboundRefusedError
    from chalicelib.registry.access.discovery import outbound

    try:
        outbound(services).check(issuer)
    except (OutboundRefusedError, OutboundFailedError) as error:
        raise InvalidInputError(
            "/issuer must begin with https://.", [Problem("/issuer", "must begin with https://")]
        ) from error
