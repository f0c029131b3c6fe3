"""Drives orders to their end: undisturbed, cut off at each call of AWS, or by two processes at once."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from types import ModuleType
from typing import Any

from chalicelib.aws.deployments.platform import Driver, Platform, driver
from chalicelib.domain.deployments.driving import Found, Order, Step
from chalicelib.domain.instants import Instant

DEPLOYMENT = "0199d3c0a1b2" + "c" * 20
START = Instant("2026-11-28T12:00:00.000000Z")
# More than any driver needs to get an order to its end.
MANY_STEPS = 60


def order(config: dict[str, Any], rollout: dict[str, Any], version: int = 3, deployment: str = DEPLOYMENT) -> Order:
    return Order(
        deployment=deployment,
        model="fraud",
        version=version,
        digest=f"{version}" * 64,
        uri=f"s3://artifacts/artifacts/{version}/",
        config=config,
        policy=rollout,
    )


def made(module: ModuleType, clients: dict[str, Any], clock: Callable[[], Instant] = lambda: START) -> Driver:
    """The driver of a module, on these clients."""
    return driver(module.step, Platform(clients.__getitem__, clock))


def drive(driven: Driver, given: Order, between: Callable[[], object] = lambda: None) -> Step:
    """Step until the order has ended. ``between`` lets the platform do its work."""
    for _ in range(MANY_STEPS):
        step = driven(given)
        if step.found != Found.WORKING:
            return step
        given = replace(given, memo=step.memo)
        between()
    raise AssertionError(f"no end after {MANY_STEPS} steps: {step}")


class Killed(Exception):
    """The process ends here."""


def drive_killed(
    driven: Driver, given: Order, clients: Sequence[Any], nth: int, when: str, between: Callable[[], object]
) -> tuple[Step, bool]:
    """The same, in a process that ends at its ``nth`` call, ``before`` or ``after`` AWS acts; a new one goes on.

    Answers the last step, and whether there were that many calls.
    """
    left = [nth]

    def strike(**_: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Killed

    def survived(order: Order) -> Step:
        try:
            return driven(order)
        except Killed:
            return Step(Found.WORKING, "killed", memo=order.memo)

    with hooked(clients, f"{when}-call", strike):
        return drive(survived, given, between), left[0] <= 0


def drive_twice(
    driven: Driver, given: Order, clients: Sequence[Any], nth: int, between: Callable[[], object]
) -> tuple[Step, bool]:
    """The same, while another process makes a whole step from the same memo just before the ``nth`` call."""
    calls, acting, present = count(1), [False], [given]

    def interfere(**_: Any) -> None:
        if acting[0] or next(calls) != nth:
            return
        acting[0] = True
        driven(present[0])
        acting[0] = False

    def noted(order: Order) -> Step:
        present[0] = order
        return driven(order)

    with hooked(clients, "before-call", interfere):
        step = drive(noted, given, between)
    return step, next(calls) > nth


@contextmanager
def hooked(clients: Sequence[Any], event: str, hook: Callable[..., None]) -> Iterator[None]:
    # As specific as what answers the calls, so that it comes before.
    names = [f"{event}.{client.meta.service_model.service_id.hyphenize()}" for client in clients]
    for client, name in zip(clients, names, strict=True):
        client.meta.events.register_first(name, hook)
    try:
        yield
    finally:
        for client, name in zip(clients, names, strict=True):
            client.meta.events.unregister(name, hook)
