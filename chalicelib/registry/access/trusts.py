"""Trust in identities from elsewhere: set, read, list, delete; and what a process remembers of it."""

import json
from collections.abc import Sequence

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.domain.access import trust_decisions as decisions
from chalicelib.domain.access.principal import Grant
from chalicelib.domain.access.trust import Oidc, Terms, Trust
from chalicelib.domain.errors import InvalidInputError, Problem, TrustNotFoundError
from chalicelib.domain.ledger.decision import Decision, Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.registry.access.roles import loaded_roles, role_records
from chalicelib.registry.ledger.commit import Changed, RegistrySnapshot, Request, change_registry
from chalicelib.registry.page import Page

_PAGE = 100


def set_trust(services: Services, request: Request, name: str, terms: Terms, grants: Sequence[Grant]) -> Changed[Trust]:
    """Trust on these terms, in place of the terms that ``name`` had. Raises InvalidInputError, PreconditionFailedError,
    LastAdministratorError."""
    if isinstance(terms, Oidc) and not terms.issuer.startswith("https://"):
        _check_private(services, terms.issuer)

    def decide(snapshot: RegistrySnapshot, stamp: Stamp) -> Outcome[Trust]:
        standing = _standing(snapshot, name)
        request.check_match(0 if standing is None else standing.revision)
        named = [*(() if standing is None else standing.grants), *grants]
        roles = loaded_roles(snapshot, named)
        return decisions.set_trust(snapshot.ledger, standing, name, terms, grants, roles, stamp)

    def more(snapshot: RegistrySnapshot) -> list[tuple[str, str]]:
        standing = _standing(snapshot, name)
        return [] if standing is None else role_records(standing.grants)

    records = [(decisions.KIND, name), *role_records(grants)]
    return change_registry(services, request, decide, lambda _: get_trust(services, name), records, more)


def get_trust(services: Services, name: str) -> Trust:
    """Raises TrustNotFoundError."""
    stored = services.table.get(keys.record(decisions.KIND, name))
    if stored is None:
        raise _missing(name)
    return decisions.from_document(json.loads(str(stored["body"])))


def list_trusts(services: Services, limit: int, start: dict[str, str | int] | None) -> Page[Trust]:
    """All trusts, by name."""
    after = None if start is None else keys.record(decisions.KIND, str(start["name"])).sort
    stored, last = services.table.query("REGISTRY", f"{decisions.KIND}#", limit, after)
    trusts = tuple(decisions.from_document(json.loads(str(item["body"]))) for item in stored)
    return Page(trusts, {"name": trusts[-1].name} if last is not None and trusts else None)


def delete_trust(services: Services, request: Request, name: str) -> Changed[None]:
    """Trust no longer. Raises TrustNotFoundError, PreconditionFailedError, LastAdministratorError."""

    def decide(snapshot: RegistrySnapshot, stamp: Stamp) -> Decision[None]:
        standing = _standing(snapshot, name)
        if standing is None:
            raise _missing(name)
        request.check_match(standing.revision)
        return decisions.delete_trust(snapshot.ledger, standing, loaded_roles(snapshot, standing.grants), stamp)

    def more(snapshot: RegistrySnapshot) -> list[tuple[str, str]]:
        standing = _standing(snapshot, name)
        return [] if standing is None else role_records(standing.grants)

    return change_registry(services, request, decide, lambda _: None, [(decisions.KIND, name)], more)


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


def _standing(snapshot: RegistrySnapshot, name: str) -> Trust | None:
    stored = snapshot.record(decisions.KIND, name)
    return None if stored is None else decisions.from_document(stored)


def _missing(name: str) -> TrustNotFoundError:
    return TrustNotFoundError(f"There is no trust {name!r}.")


def _check_private(services: Services, issuer: str) -> None:
    """Plain http is for networks that the stack's operator allows by name."""
    from chalicelib.aws.webhooks.outbound import OutboundFailedError, OutboundRefusedError
    from chalicelib.registry.access.issuer_keys import outbound

    try:
        outbound(services).check(issuer)
    except (OutboundRefusedError, OutboundFailedError) as error:
        raise InvalidInputError(
            "/issuer must begin with https://.", [Problem("/issuer", "must begin with https://")]
        ) from error
