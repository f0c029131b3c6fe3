"""Between the registry and AWS: calls counted, failed at the n-th, or cut off before or after AWS has worked."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, Literal

from botocore.exceptions import ReadTimeoutError

from chalicelib.aws.services import Services

When = Literal["before", "after"]
SERVICES = ("dynamodb", "s3", "secretsmanager", "sqs", "kms")


# Calls that change nothing: whether they or their answers are lost, the same is left.
_READS = ("Get", "BatchGet", "Head", "List", "Query", "Describe")


class Fault:
    """Fails the ``nth`` AWS call, without ``reads`` the ``nth`` that may change something.

    ``struck`` says whether there were that many calls, and ``changed`` which services were asked to change something.
    """

    def __init__(self, nth: int, when: When, reads: bool) -> None:
        self._left = nth
        self._when = when
        self._reads = reads
        self._lock = Lock()
        self.struck = False
        self.changed: set[str] = set()

    def before(self, model: Any, **_: Any) -> None:
        if not model.name.startswith(_READS):
            self.changed.add(model.service_model.service_name)
        self._strike("before", model.name)

    def after(self, model: Any, **_: Any) -> None:
        self._strike("after", model.name)

    def _strike(self, when: When, operation: str) -> None:
        if when != self._when or (operation.startswith(_READS) and not self._reads):
            return
        with self._lock:
            self._left -= 1
            if self._left != 0:
                return
            self.struck = True
        raise ReadTimeoutError(endpoint_url="https://aws.example")


@contextmanager
def failing(registry: Services, nth: int, when: When, reads: bool = True) -> Iterator[Fault]:
    fault = Fault(nth, when, reads)
    clients = [registry.client(service) for service in SERVICES]
    for client in clients:
        client.meta.events.register("before-call", fault.before)
        client.meta.events.register("after-call", fault.after)
    try:
        yield fault
    finally:
        for client in clients:
            client.meta.events.unregister("before-call", fault.before)
            client.meta.events.unregister("after-call", fault.after)


class Calls:
    """The calls made of AWS through a client from now on, by operation."""

    def __init__(self, client: Any) -> None:
        self.operations: list[str] = []
        client.meta.events.register("before-call", self._note)

    def _note(self, model: Any, **_: Any) -> None:
        self.operations.append(model.name)


class Crash(Exception):
    """The process ends here."""


class CrashAt:
    """While entered, an operation is cut off ``before`` AWS is asked or ``after`` it has done its work.

    The first calls of it, as many as are ``spared``, go through.
    """

    def __init__(self, client: Any, operation: str, when: str, spared: int = 0) -> None:
        self._spared = spared
        service = client.meta.service_model.service_id.hyphenize()
        self._events = client.meta.events
        self._event = f"{when}-call.{service}.{operation}"

    def __enter__(self) -> None:
        self._events.register(self._event, self._crash)

    def __exit__(self, *_: object) -> None:
        self._events.unregister(self._event, self._crash)

    def _crash(self, **_: Any) -> None:
        self._spared -= 1
        if self._spared < 0:
            raise Crash


class Meanwhile:
    """While entered, another writer acts once, just before the first call of an operation."""

    def __init__(self, registry: Services, act: Callable[[], Any], operation: str = "TransactWriteItems") -> None:
        self._events = registry.client("dynamodb").meta.events
        self._event = f"before-call.dynamodb.{operation}"
        self._act = act
        self.acted = False

    def __enter__(self) -> "Meanwhile":
        self._events.register(self._event, self._race)
        return self

    def __exit__(self, *_: object) -> None:
        self._events.unregister(self._event, self._race)

    def _race(self, **_: Any) -> None:
        if not self.acted:
            self.acted = True
            self._act()
