"""What MLflow's calls cost here: AWS calls, capacity units, processor time and the size of the answer."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from bench.emulation import fresh_registry, metered, replayed_clients
from bench.invocation import Function
from bench.meter import Meter
from bench.mlflow_calls import BASE, Call
from bench.ratio import quickest
from bench.reference import Reference
from bench.replay import Replay
from bench.seed import seed
from tests.api.gateway import Reply

_ROUNDS: Final = 5
_RUNS_A_ROUND: Final = 6


@dataclass(frozen=True)
class Cost:
    """Of one call. ``cpu_ratio`` is the handler's CPU time, its AWS answers played back, over the reference's."""

    aws_calls: int
    read_units: float
    write_units: float
    cpu_ratio: float
    answer_bytes: int


def costs(models: dict[str, int], last: int, calls: list[Call]) -> list[Cost]:
    """The calls on a fresh registry whose models have so many versions, the highest of number ``last``."""
    with fresh_registry() as registry:
        for model, versions in models.items():
            seed(registry, model, versions, last)
        meter = metered(registry)
        caller = Function()
        for model in models:
            alias = {"name": model, "alias": "champion", "version": "3"}
            _checked(partial(caller.post, f"{BASE}/registered-models/alias", alias))
        reference = Reference()
        return [_cost(Replay(replayed_clients(registry)), meter, caller, call, reference) for call in calls]


def _cost(replay: Replay, meter: Meter, caller: Function, call: Call, reference: Reference) -> Cost:
    invoke = partial(_invoke, caller, call)
    size = 0

    def once() -> None:
        nonlocal size
        size = len(_checked(invoke).text)

    with meter.measuring() as usage:
        replay.record(once)
    timing = quickest(replay.compared(invoke, reference, _RUNS_A_ROUND) for _ in range(_ROUNDS))
    return Cost(sum(usage.calls.values()), usage.read_units, usage.write_units, timing.ratio, size)


def _invoke(caller: Function, call: Call) -> Reply:
    if call.method == "GET":
        return caller.get(f"{BASE}/{call.path}", query=call.fields)
    return caller.request(call.method, f"{BASE}/{call.path}", call.fields)


def _checked(invoke: Callable[[], Reply]) -> Reply:
    reply = invoke()
    if reply.status >= 400:
        raise RuntimeError(f"{reply.status} {json.dumps(reply.text)}")
    return reply
