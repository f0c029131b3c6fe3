"""Trusted signers: save, read, list, delete."""

from dataclasses import replace
from typing import NamedTuple

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.aws.signing.elliptic import UnfitKeyError, pem_of, public_key_from
from chalicelib.aws.signing.signer_items import signers_from
from chalicelib.aws.signing.verification import authority_pem
from chalicelib.domain.ledger.decision import Decision, Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.signing import signer_decisions as decisions
from chalicelib.domain.signing.dsse import invalid
from chalicelib.domain.signing.signer_decisions import Trusting
from chalicelib.domain.signing.trusted_signer import MAX_PEM, TrustedSigner, TrustedSigners, signer_name
from chalicelib.registry.access.registry_ledger import change_registry, loaded_state
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot


class NamedSigner(NamedTuple):
    """A signer with its name."""

    name: str
    signer: TrustedSigner

    @property
    def revision(self) -> int:
        return self.signer.revision


def save_signer(services: Services, request: Request, name: str, given: Trusting) -> Changed[NamedSigner]:
    """Make a signer, or put these terms in place of those that it had.

    Raises InvalidNameError, InvalidInputError, LimitExceededError, PreconditionFailedError.
    """
    signer_name(name)
    wanted = _normal(given)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[NamedSigner]:
        standing = _loaded(snapshot)
        before = standing.by_name.get(name)
        request.check_match_if_there(None if before is None else before.revision, f"The signer {name!r} does not exist")
        saved = decisions.save(loaded_state(snapshot), standing, name, wanted, stamp)
        return saved.map(lambda signer: NamedSigner(name, signer))

    return change_registry(services, request, decide, lambda _: get_signer(services, name), [keys.trusted_signers()])


def delete_signer(services: Services, request: Request, name: str) -> Changed[None]:
    """Trust a signer no longer. Raises SignerNotFoundError, PreconditionFailedError."""

    def decide(snapshot: Snapshot, _: Stamp) -> Decision[None]:
        standing = _loaded(snapshot)
        request.check_match(decisions.existing(standing, name).revision)
        return decisions.delete(loaded_state(snapshot), standing, name)

    return change_registry(services, request, decide, lambda _: None, [keys.trusted_signers()])


def get_signer(services: Services, name: str) -> NamedSigner:
    """Raises SignerNotFoundError."""
    return NamedSigner(name, decisions.existing(trusted_signers(services), name))


def list_signers(services: Services) -> tuple[NamedSigner, ...]:
    """All signers, by name; there are at most a hundred."""
    return tuple(NamedSigner(name, signer) for name, signer in sorted(trusted_signers(services).by_name.items()))


def trusted_signers(services: Services) -> TrustedSigners:
    """All signers as they are now."""
    return signers_from(services.table.get(keys.trusted_signers()))


def _loaded(snapshot: Snapshot) -> TrustedSigners:
    return snapshot.get(TrustedSigners) or TrustedSigners()


def _normal(given: Trusting) -> Trusting:
    """The same with the key and the certificates in the one form in which they are kept. Raises InvalidInputError."""
    if len(given.public_key) > MAX_PEM or len(given.authority) > MAX_PEM:
        # The decision refuses it; what is too long is not read before.
        return given
    try:
        if given.public_key:
            given = replace(given, public_key=pem_of(public_key_from(given.public_key)))
    except UnfitKeyError as error:
        raise invalid("/public_key", str(error)) from error
    try:
        if given.authority:
            given = replace(given, authority=authority_pem(given.authority))
    except UnfitKeyError as error:
        raise invalid("/authority", str(error)) from error
    return given
