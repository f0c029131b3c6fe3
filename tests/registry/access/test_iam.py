"""An AWS principal has the grants of every trust that admits it."""

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Action, Grant, Role
from chalicelib.domain.access.trust import Iam
from chalicelib.domain.errors import CredentialsRefusedError
from chalicelib.registry.access import trusts
from chalicelib.registry.access.iam import iam_principal
from tests.registry.build import request
from tests.registry.faults import Calls

ROLE = "arn:aws:iam::123456789012:role/train-eu"
SESSION = "arn:aws:sts::123456789012:assumed-role/train-eu/i-0abc"


def trust(registry: Services, name: str, pattern: str, *grants: Grant) -> None:
    trusts.set_trust(registry, request(), name, Iam((pattern,)), list(grants))


def test_the_grants_of_all_admitting_trusts_add_up(registry: Services) -> None:
    trust(registry, "training", "arn:aws:iam::123456789012:role/train-*", Grant(Role.CONTRIBUTOR, "fraud"))
    trust(registry, "europe", ROLE, Grant(Role.VIEWER, "*"))
    trust(registry, "serving", "arn:aws:iam::123456789012:role/serve-*", Grant(Role.ADMIN, "*"))
    principal = iam_principal(registry, SESSION)
    assert principal.name == f"iam:{ROLE}"
    assert set(principal.grants) == {Grant(Role.CONTRIBUTOR, "fraud"), Grant(Role.VIEWER, "*")}
    assert principal.may(Action.REGISTER, "fraud") and not principal.may_registry(Action.ADMINISTER)


def test_a_principal_that_no_trust_admits_is_refused_with_what_to_do(registry: Services) -> None:
    trust(registry, "serving", "arn:aws:iam::123456789012:role/serve-*", Grant(Role.VIEWER, "*"))
    with pytest.raises(CredentialsRefusedError, match="PUT /v1/trust/<name>") as refusal:
        iam_principal(registry, SESSION)
    assert (refusal.value.reason, refusal.value.about) == ("untrusted_arn", {"arn": ROLE})


def test_all_sessions_of_a_role_are_resolved_once(registry: Services) -> None:
    trust(registry, "training", ROLE, Grant(Role.VIEWER, "*"))
    principal = iam_principal(registry, SESSION)
    calls = Calls(registry.client("dynamodb"))
    assert iam_principal(registry, SESSION.replace("i-0abc", "i-0def")) is principal
    assert calls.operations == []
