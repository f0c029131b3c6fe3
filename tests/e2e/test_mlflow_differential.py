"""The same calls on MLflow's own server and on the deployed stack: the same answers.

Several hundred calls of MLflow's registry are drawn by a fixed seed, good ones and bad ones, and made on both servers
one after the other: ``mlflow/machine.py`` draws and makes them, ``mlflow/sides.py`` calls the servers,
``mlflow/comparison.py`` says what of their answers must be the same, docs/mlflow.md what is not and why.
"""

from collections.abc import Iterator

import httpx
import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.e2e.mlflow.machine import Registries
from tests.e2e.mlflow.sides import Scanned, Served
from tests.e2e.stack import Stack

SEED = 20_261_125
RUNS = 8
STEPS = 50
ENOUGH_CALLS = 400


@pytest.fixture
def new_models_are_mlflows(stack: Stack) -> Iterator[None]:
    """New models have the scheme with MLflow's four stages, until the test is over."""
    with stack.http() as admin:
        before = _done(admin.get("/v1/default-scheme")).json()["name"]
        _done(admin.put("/v1/default-scheme", json={"scheme": "standard"}))
        yield
        _done(admin.put("/v1/default-scheme", json={"scheme": before}))


def test_mlflows_server_and_the_stack_give_the_same_answers(
    stack: Stack, mlflow_server: str, new_models_are_mlflows: None
) -> None:
    sides = Served(mlflow_server), Served(stack.url, stack.token)

    class Drawn(Registries):
        mlflow, moorage = sides[0], Scanned(sides[1])
        label = stack.fresh_name("differential")

    print(f"seed {SEED}: {RUNS} runs of {STEPS} steps")
    try:
        run_state_machine_as_test(
            seed(SEED)(Drawn),
            settings=settings(
                max_examples=RUNS,
                stateful_step_count=STEPS,
                deadline=None,
                database=None,
                # A difference is told with all steps that led to it: to find the fewest takes hundreds of runs.
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        for side in sides:
            side.close()
    assert Drawn.calls >= ENOUGH_CALLS


def _done(reply: httpx.Response) -> httpx.Response:
    assert reply.status_code == 200, reply.text
    return reply
