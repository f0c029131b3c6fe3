"""A version behind an alias of a Lambda function, whatever Lambda, alarms or other people do meanwhile."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.aws.deployments import lambda_alias as driver
from chalicelib.aws.deployments.platform import Driver
from chalicelib.domain.deployments.driving import Found, Order
from chalicelib.domain.deployments.platforms import lambda_alias
from chalicelib.domain.instants import Instant, instant
from tests.aws.deployments.imitation import Refused
from tests.aws.deployments.lambda_fake import FUNCTION, AlarmsFake, LambdaFake
from tests.aws.deployments.stepping import START, drive, drive_killed, drive_twice, made, order

CANARY = {"shift": "canary", "percent": 10, "wait_seconds": 600, "alarms": ["errors"]}
ALIAS = "live"


class Account:
    """A function with an alias, alarms, a clock, and a driver."""

    def __init__(self) -> None:
        self.functions, self.alarms = LambdaFake(), AlarmsFake()
        self.clients = {"lambda": self.functions.client, "cloudwatch": self.alarms.client}
        self.now = START
        self.driven: Driver = made(driver, self.clients, lambda: self.now)

    def alias(self) -> dict[str, Any]:
        return dict(self.functions.aliases[ALIAS])

    def weights(self) -> dict[str, float]:
        weights: dict[str, float] = self.alias().get("RoutingConfig", {}).get("AdditionalVersionWeights", {})
        return weights

    def served(self) -> str:
        """The version of the model that every call of the alias gets."""
        assert not self.weights()
        version = self.functions.versions[int(self.alias()["FunctionVersion"]) - 1]
        name: str = version["Environment"]["Variables"]["MODEL_VERSION"]
        return name

    def wait(self, seconds: int = 0) -> None:
        self.functions.advance()
        self.now = Instant(instant(datetime.fromisoformat(self.now) + timedelta(seconds=seconds)))


def asked(version: int, rollout: dict[str, Any] | None = None) -> Order:
    return order(
        lambda_alias.config({"function": FUNCTION, "alias": ALIAS}),
        lambda_alias.rollout(rollout or {}, {}),
        version,
        deployment=f"0199d3c0a1b2{version:020x}",
    )


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
def served(account: Account) -> Account:
    """A first version is in service."""
    assert drive(account.driven, asked(1), account.wait).found == Found.SERVING
    return account


def until_shared(account: Account, given: Order) -> Order:
    """Step until the new version has a share of the calls."""
    while not account.weights():
        given = replace(given, memo=account.driven(given).memo)
        account.wait()
    return given


def test_a_new_alias_points_to_a_published_version_that_loads_the_models(account: Account) -> None:
    step = drive(account.driven, asked(1, CANARY), account.wait)
    assert step.found == Found.SERVING and "version 1" in step.detail
    assert account.served() == "1"
    (published,) = account.functions.versions
    assert published["Environment"]["Variables"] == {
        "LEVEL": "info",
        "MODEL_NAME": "fraud",
        "MODEL_VERSION": "1",
        "MODEL_URI": "s3://artifacts/artifacts/1/",
        "MODEL_DIGEST": "1" * 64,
        "MODEL_DEPLOYMENT": asked(1).deployment,
    }


def test_an_alias_moves_at_once_to_the_next_version(served: Account) -> None:
    assert drive(served.driven, asked(2), served.wait).found == Found.SERVING
    assert served.served() == "2"


def test_a_canary_gets_its_share_for_its_time_and_then_all_calls(served: Account) -> None:
    given = until_shared(served, asked(2, CANARY))
    assert served.weights() == {"2": 0.1}
    for seconds, left in ((0, 30), (585, 15)):
        served.wait(seconds)
        step = served.driven(given)
        assert (step.found, step.again_in) == (Found.WORKING, left)
        given = replace(given, memo=step.memo)
    assert served.weights() == {"2": 0.1}
    served.wait(15)
    assert drive(served.driven, given, served.wait).found == Found.SERVING
    assert served.served() == "2"


def test_a_linear_rollout_gets_more_in_equal_steps(served: Account) -> None:
    given, shares = asked(2, {"shift": "linear", "percent": 40, "wait_seconds": 60}), []
    while (step := served.driven(given)).found == Found.WORKING:
        given = replace(given, memo=step.memo)
        served.wait(60)
        shares += [share for share in served.weights().values() if share not in shares]
    assert shares == [0.4, 0.8]
    assert served.served() == "2"


def test_the_waiting_time_of_a_canary_whose_process_ended_begins_anew(served: Account) -> None:
    forgetful = until_shared(served, asked(2, CANARY))
    served.wait(10_000)
    step = served.driven(forgetful)
    assert step.found == Found.WORKING
    assert served.weights() == {"2": 0.1}


def test_an_alarm_brings_the_alias_back(served: Account) -> None:
    given = until_shared(served, asked(2, CANARY))
    served.alarms.ringing.add("errors")
    step = served.driven(given)
    assert step.found == Found.FAILED and "errors" in step.detail
    assert served.served() == "1"
    assert served.driven(given).found == Found.FAILED, "the same step again"


def test_an_alarm_that_rings_already_keeps_the_alias_where_it_is(served: Account) -> None:
    served.alarms.ringing.add("errors")
    before = served.alias()
    assert drive(served.driven, asked(2, CANARY), served.wait).found == Found.FAILED
    assert served.alias()["RevisionId"] == before["RevisionId"]


def test_another_alarm_stops_nothing(served: Account) -> None:
    served.alarms.ringing.add("elsewhere")
    assert drive(served.driven, asked(2, CANARY), lambda: served.wait(600)).found == Found.SERVING


@pytest.mark.parametrize("to", ["1", "3"])
def test_an_alias_that_somebody_else_moves_is_not_moved_again(served: Account, to: str) -> None:
    drive(served.driven, asked(2), served.wait)
    drive(served.driven, asked(3), served.wait)
    given = until_shared(served, asked(4, CANARY))
    served.functions.point(ALIAS, to, {})
    step = served.driven(given)
    assert step.found == Found.FAILED and f"points to version {to}" in step.detail
    assert served.served() == to


def test_an_alias_that_is_deleted_under_its_deployment_is_not_made_again(served: Account) -> None:
    given = until_shared(served, asked(2, CANARY))
    del served.functions.aliases[ALIAS]
    step = served.driven(given)
    assert step.found == Found.FAILED and "was deleted" in step.detail


def test_a_function_that_does_not_exist_fails_the_deployment(account: Account) -> None:
    given = asked(1)
    step = account.driven(replace(given, config={**given.config, "function": "absent"}))
    assert step.found == Found.FAILED and "ResourceNotFoundException" in step.detail


@pytest.mark.parametrize("answered", [{"LastUpdateStatus": "InProgress"}, {"State": "Pending"}])
def test_a_function_that_lambda_still_updates_is_waited_for(account: Account, answered: dict[str, str]) -> None:
    account.functions.answering = answered
    step = account.driven(asked(1))
    assert (step.found, step.again_in) == (Found.WORKING, 5)
    assert account.functions.changes() == []


def test_an_update_that_lambda_could_not_apply_fails_with_the_reason(account: Account) -> None:
    given = replace(asked(1), memo=account.driven(asked(1)).memo)
    account.functions.answering = {"LastUpdateStatus": "Failed", "LastUpdateStatusReason": "The key is disabled."}
    step = account.driven(given)
    assert step.found == Found.FAILED and "The key is disabled." in step.detail


def test_variables_that_cannot_be_read_are_not_overwritten(account: Account) -> None:
    denied = {"ErrorCode": "AccessDeniedException", "Message": "The deployer may not use the key."}
    account.functions.answering = {"Environment": {"Error": denied}}
    step = account.driven(asked(1))
    assert step.found == Found.FAILED and "may not use the key" in step.detail
    assert account.functions.changes() == []


def test_a_published_version_is_pointed_to_only_when_lambda_has_prepared_it(served: Account) -> None:
    given = asked(2)
    while "published" not in given.memo:
        given = replace(given, memo=served.driven(given).memo)
        served.wait()
    before = served.alias()
    served.functions.answering = {"State": "Pending"}
    assert served.driven(given).found == Found.WORKING
    served.functions.answering = {"State": "Failed", "StateReason": "The subnet has no addresses."}
    step = served.driven(given)
    assert step.found == Found.FAILED and "no addresses" in step.detail
    assert served.alias() == before


@pytest.mark.parametrize("code", ["PreconditionFailedException", "ResourceConflictException"])
def test_what_somebody_changes_at_the_same_time_is_read_again(account: Account, code: str) -> None:
    account.functions.refusals["UpdateFunctionConfiguration"] = Refused(code, "It was changed.", 409)
    step = account.driven(asked(1))
    assert (step.found, step.again_in) == (Found.WORKING, 2)


def _reached_the_end(account: Account) -> None:
    assert account.served() == "2"
    published = [version["Description"] for version in account.functions.versions]
    assert published == [f"moorage {asked(version).deployment}" for version in (1, 2)]
    assert account.functions.calls.count("UpdateAlias") >= 2


def _minutes(account: Account) -> Callable[[], None]:
    return lambda: account.wait(600)


def _with_one_in_service() -> Account:
    account = Account()
    drive(account.driven, asked(1), account.wait)
    return account


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_deployment_cut_off_at_any_call_reaches_the_same_end(when: str) -> None:
    nth, more = 0, True
    while more:
        nth, account = nth + 1, _with_one_in_service()
        clients = list(account.clients.values())
        step, more = drive_killed(account.driven, asked(2, CANARY), clients, nth, when, _minutes(account))
        assert step.found == Found.SERVING
        _reached_the_end(account)
    assert nth > 20


def test_two_processes_at_once_reach_the_same_end() -> None:
    nth, more = 0, True
    while more:
        nth, account = nth + 1, _with_one_in_service()
        clients = list(account.clients.values())
        step, more = drive_twice(account.driven, asked(2, CANARY), clients, nth, _minutes(account))
        assert step.found == Found.SERVING
        _reached_the_end(account)
    assert nth > 20
