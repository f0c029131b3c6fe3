"""What MLflow's calls cost here: AWS calls, capacity units, processor time and the size of the answer."""

import contextlib
import io
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from moto import mock_aws
from moto.core.models import botocore_stubber

from bench.__main__ import secrets_read_once, transactions_without_undoing, unwatched_dynamodb
from bench.invocation import Function
from bench.meter import Meter
from bench.mlflow_calls import BASE, Call
from bench.replay import Replay
from bench.seed import seed
from chalicelib.aws.services import Services, reset_services, services
from tests.api.gateway import Reply
from tests.aws_resources import create_resources

_RUNS: Final = 30


@dataclass(frozen=True)
class Cost:
    """Of one call. ``cpu_ms`` is the handler's, its AWS answers played back."""

    aws_calls: int
    read_units: float
    write_units: float
    cpu_ms: float
    answer_bytes: int


def costs(models: dict[str, int], last: int, calls: list[Call]) -> list[Cost]:
    """The calls on a fresh registry whose models have so many versions, the highest of number ``last``."""
    with mock_aws(), transactions_without_undoing(), secrets_read_once(), contextlib.redirect_stdout(io.StringIO()):
        os.environ |= create_resources()
        reset_services()
        registry = services()
        for model, versions in models.items():
            seed(registry, model, versions, last)
        meter = Meter(unwatched_dynamodb(), registry.table.name)
        for service in ("dynamodb", "s3"):
            meter.attach(registry.client(service))
        caller = Function()
        for model in models:
            alias = {"name": model, "alias": "champion", "version": "3"}
            _checked(lambda body=alias: caller.post(f"{BASE}/registered-models/alias", body))
        measured = [_cost(registry, meter, caller, call) for call in calls]
        reset_services()
    return measured


def _cost(registry: Services, meter: Meter, caller: Function, call: Call) -> Cost:
    replay = Replay([registry.client(service) for service in ("dynamodb", "s3", "secretsmanager")])
    invoke = partial(_invoke, caller, call)
    size = 0

    def once() -> None:
        nonlocal size
        size = len(_checked(invoke).text)

    with meter.measuring() as usage:
        replay.record(once)
    botocore_stubber.enabled = False
    try:
        cpu_ms = replay.median_ms(invoke, _RUNS)
    finally:
        botocore_stubber.enabled = True
    return Cost(sum(usage.calls.values()), usage.read_units, usage.write_units, cpu_ms, size)


def _invoke(caller: Function, call: Call) -> Reply:
    if call.method == "GET":
        return caller.get(f"{BASE}/{call.path}", query=call.fields)
    return caller.request(call.method, f"{BASE}/{call.path}", call.fields)


def _checked(invoke: Callable[[], Reply]) -> Reply:
    reply = invoke()
    if reply.status >= 400:
        raise RuntimeError(f"{reply.status} {json.dumps(reply.text)}")
    return reply
