"""A principal has its own grants and those recorded for it and its groups, with what their roles allow."""

from collections.abc import Sequence

import pytest

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Action, Grant, Principal, Role
from chalicelib.registry.access import grants, roles
from chalicelib.registry.access.effective import effective
from tests.registry.build import request
from tests.registry.faults import Calls

NAME = "token:ci"


@pytest.fixture
def curated(registry: Services) -> Services:
    """A registry with two custom roles, and grants for a principal and for a group."""
    roles.set_role(registry, request(), "curator", ["annotate"], "")
    roles.set_role(registry, request(), "steward", ["manage"], "")
    grants.set_grants(registry, request(), NAME, [Grant(Role.CONTRIBUTOR, "fraud"), Grant("curator", "*")])
    grants.set_grants(registry, request(), "group:risk", [Grant("steward", "credit")])
    return registry


def resolve(registry: Services, groups: Sequence[str] = (), *own: Grant) -> Principal:
    return effective(registry, NAME, groups, own)[0]


def test_a_principal_without_records_has_its_own_grants(registry: Services) -> None:
    own = Grant(Role.VIEWER, "fraud")
    assert resolve(registry, (), own, own) == Principal(NAME, (own,), (), {})


def test_recorded_grants_count_for_the_principal_and_for_its_groups_only(curated: Services) -> None:
    outsider, member = resolve(curated), resolve(curated, ["risk"])
    for principal in (outsider, member):
        assert principal.may(Action.REGISTER, "fraud") and principal.may(Action.ANNOTATE, "churn")
    assert member.may(Action.MANAGE, "credit") and not member.may(Action.MANAGE, "fraud")
    assert not outsider.may(Action.MANAGE, "credit")
    assert (member.name, member.groups) == (NAME, ("risk",))


def test_a_grant_that_is_given_twice_counts_once(curated: Services) -> None:
    principal = resolve(curated, (), Grant("curator", "*"), Grant(Role.VIEWER, "*"))
    assert principal.grants == (Grant("curator", "*"), Grant(Role.VIEWER, "*"), Grant(Role.CONTRIBUTOR, "fraud"))


def test_a_grant_of_a_role_that_does_not_exist_gives_nothing(curated: Services) -> None:
    principal = resolve(curated, (), Grant("no-such-role", "*"))
    assert "no-such-role" not in {grant.role for grant in principal.grants}
    assert not principal.may(Action.READ, "credit")


@pytest.mark.parametrize(("groups", "own"), [((), ["curator"]), (["risk"], ["curator", "steward"])])
def test_one_read_is_enough_if_the_principals_own_grants_name_the_roles(
    curated: Services, groups: Sequence[str], own: list[str]
) -> None:
    calls = Calls(curated.client("dynamodb"))
    resolve(curated, groups, *(Grant(role, "churn") for role in own))
    assert calls.operations == ["BatchGetItem"]


def test_a_role_that_only_a_recorded_grant_names_takes_a_second_read(curated: Services) -> None:
    calls = Calls(curated.client("dynamodb"))
    assert resolve(curated, ["risk"]).may(Action.MANAGE, "credit")
    assert calls.operations == ["BatchGetItem"] * 2


def test_other_items_are_read_in_the_same_call(registry: Services) -> None:
    there, absent = keys.token_use("t1"), keys.token_use("t2")
    registry.table.put({"PK": there.partition, "SK": there.sort, "last_used_at": "2026"})
    calls = Calls(registry.client("dynamodb"))
    _, items = effective(registry, NAME, (), (), [there, absent])
    assert items[there]["last_used_at"] == "2026" and absent not in items
    assert calls.operations == ["BatchGetItem"]
