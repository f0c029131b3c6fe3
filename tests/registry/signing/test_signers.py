"""Trusted signers are saved, listed and deleted."""

from typing import Any

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.errors import InvalidInputError, InvalidNameError, LimitExceededError, PreconditionFailedError
from chalicelib.domain.signing.signer_decisions import Trusting
from chalicelib.domain.signing.trusted_signer import MAX_SIGNERS, SignerNotFoundError
from chalicelib.registry.signing.signers import delete_signer, get_signer, list_signers, save_signer
from tests.aws.signing.keys import issued, new_key, private_pem, public_pem
from tests.registry.build import request
from tests.registry.governed import saved as last_event

PEM = public_pem(new_key())
ROOT = issued("root", authority=True)


def saved(registry: Services, name: str = "ci", **terms: Any) -> Any:
    return save_signer(registry, request(), name, Trusting(**(terms or {"public_key": PEM}))).result


def test_a_signer_is_kept_with_its_key_in_one_form(registry: Services) -> None:
    saved(registry, public_key="\n" + PEM.replace("\n", "\r\n"))
    assert get_signer(registry, "ci").signer.public_key == PEM
    assert last_event(registry)["after"]["public_key"] == PEM


def test_an_authority_is_trusted_for_those_it_names(registry: Services) -> None:
    signer = saved(registry, "acme", authority=ROOT.pem, subjects=["*@acme.org", "*@acme.org"]).signer
    assert (signer.authority, signer.subjects) == (ROOT.pem, ("*@acme.org",))


@pytest.mark.parametrize(
    ("terms", "pointer"),
    [
        ({"description": "nobody"}, "/public_key"),
        ({"public_key": PEM, "authority": ROOT.pem, "subjects": ["*"]}, "/public_key"),
        ({"public_key": "key"}, "/public_key"),
        ({"public_key": private_pem(new_key())}, "/public_key"),
        ({"public_key": PEM * 100}, "/public_key"),
        ({"authority": "certificate", "subjects": ["*"]}, "/authority"),
        ({"authority": ROOT.pem}, "/subjects"),
        ({"public_key": PEM, "subjects": ["*"]}, "/subjects"),
        ({"authority": ROOT.pem, "subjects": [""]}, "/subjects/0"),
        ({"authority": ROOT.pem, "subjects": [str(number) for number in range(21)]}, "/subjects"),
    ],
)
def test_terms_that_trust_nobody_or_too_many_are_refused(
    registry: Services, terms: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        saved(registry, **terms)
    assert [problem.pointer for problem in refused.value.problems] == [pointer]


@pytest.mark.parametrize("name", ["registry", "CI", ".", "a b"])
def test_a_signer_has_a_plain_name(registry: Services, name: str) -> None:
    with pytest.raises(InvalidNameError):
        saved(registry, name)


def test_the_same_terms_again_change_nothing(registry: Services) -> None:
    first = saved(registry)
    assert saved(registry) == first


def test_signers_are_listed_by_name_and_forgotten_when_deleted(registry: Services) -> None:
    saved(registry, "b")
    saved(registry, "a")
    assert [one.name for one in list_signers(registry)] == ["a", "b"]
    delete_signer(registry, request(), "a")
    assert [one.name for one in list_signers(registry)] == ["b"]
    with pytest.raises(SignerNotFoundError):
        delete_signer(registry, request(), "a")
    with pytest.raises(SignerNotFoundError):
        get_signer(registry, "a")


def test_a_stale_etag_changes_nothing(registry: Services) -> None:
    revision = saved(registry).revision
    saved(registry, "other")
    save_signer(registry, request(if_match=f'"{revision}"'), "ci", Trusting(PEM, description="x"))
    with pytest.raises(PreconditionFailedError):
        delete_signer(registry, request(if_match=f'"{revision}"'), "ci")
    with pytest.raises(PreconditionFailedError):
        save_signer(registry, request(if_match=f'"{revision}"'), "absent", Trusting(PEM))


def test_there_are_at_most_a_hundred_signers(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.domain.signing import signer_decisions

    monkeypatch.setattr(signer_decisions, "MAX_SIGNERS", 1)
    saved(registry)
    with pytest.raises(LimitExceededError):
        saved(registry, "one-more")
    assert MAX_SIGNERS == 100
