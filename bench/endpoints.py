"""What each endpoint asks of AWS and of the processor, at two sizes of one model."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from moto.core.models import botocore_stubber

from bench.invocation import Function
from bench.meter import Meter, Usage
from bench.replay import Replay
from chalicelib.aws.services import Services
from chalicelib.domain.access import Grant, Principal, Role
from chalicelib.domain.presets import PRESETS
from chalicelib.registry import requests
from chalicelib.registry.commit import Request
from tests.api.gateway import Reply

MODEL: Final = "bench"
SHA: Final = "ab" * 32
CPU_RUNS: Final = 100


@dataclass(frozen=True)
class Endpoint:
    """A call, and the budget of its kind: ``reads`` DynamoDB calls and no other, or a read and a transaction."""

    name: str
    call: Callable[[Function], Reply]
    writes: bool = False
    dynamodb_calls: int | None = None

    @property
    def allowed_calls(self) -> int:
        return self.dynamodb_calls if self.dynamodb_calls is not None else (2 if self.writes else 1)

    @property
    def allowed_ms(self) -> float:
        return 5.0 if self.writes else 2.0


@dataclass(frozen=True)
class Measured:
    endpoint: Endpoint
    usage: Usage
    cpu_ms: float

    @property
    def kept(self) -> bool:
        """Whether the budgets hold."""
        return (
            self.usage.dynamodb_calls <= self.endpoint.allowed_calls
            and self.usage.other_calls == 0
            and self.cpu_ms <= self.endpoint.allowed_ms
        )


def _path(rest: str = "") -> str:
    return f"/v1/models/{MODEL}{rest}"


FILES: Final = [{"path": f"f{index}.bin", "size": 10, "sha256": SHA} for index in range(5)]

SCHEME: Final = {key: value for key, value in PRESETS["default"].items() if key not in ("name", "version")}

ENDPOINTS: Final = [
    Endpoint("GET model", lambda c: c.get(_path())),
    Endpoint("GET models", lambda c: c.get("/v1/models", query={"limit": 20})),
    Endpoint("GET version", lambda c: c.get(_path("/versions/7"))),
    Endpoint("GET version by @alias", lambda c: c.get(_path("/versions/@champion"))),
    Endpoint("GET versions (page of 20)", lambda c: c.get(_path("/versions"), query={"limit": 20})),
    Endpoint("GET alias", lambda c: c.get(_path("/aliases/champion"))),
    Endpoint("GET aliases", lambda c: c.get(_path("/aliases"))),
    Endpoint("GET stages", lambda c: c.get(_path("/stages"))),
    Endpoint("GET alias history", lambda c: c.get(_path("/aliases/champion/history"))),
    Endpoint(
        "GET alias as of",
        lambda c: c.get(_path("/aliases/champion/as-of"), query={"time": "2099-01-01T00:00:00Z"}),
    ),
    Endpoint("GET events (page of 20)", lambda c: c.get(_path("/events"), query={"limit": 20})),
    Endpoint("GET manifest by number", lambda c: c.get(_path("/versions/7/artifacts"))),
    Endpoint("GET manifest by @alias", lambda c: c.get(_path("/versions/@champion/artifacts"))),
    Endpoint(
        "GET file by @alias (302)",
        lambda c: c.get(_path("/versions/@champion/artifacts/file"), query={"path": "part-1.bin"}),
    ),
    Endpoint("PATCH model", lambda c: c.patch(_path(), {"owner": "ada"}), writes=True),
    Endpoint("POST version (5 files)", lambda c: c.post(_path("/versions"), {"files": FILES}), writes=True),
    Endpoint(
        "POST version, with Idempotency-Key",
        lambda c: c.post(_path("/versions"), {"files": FILES}, key="bench-key"),
        writes=True,
    ),
    Endpoint("PATCH version", lambda c: c.patch(_path("/versions/7"), {"description": "d"}), writes=True),
    Endpoint("PUT alias (move)", lambda c: c.put(_path("/aliases/champion"), {"version": 9}), writes=True),
    Endpoint(
        "POST transition",
        lambda c: c.post(_path("/versions/9/transitions"), {"to_stage": "production"}),
        True,
    ),
    Endpoint(
        "POST transition (displaces)",
        lambda c: c.post(_path("/versions/8/transitions"), {"to_stage": "production"}),
        writes=True,
    ),
    Endpoint(
        "POST alias rollback",
        lambda c: c.post(_path("/aliases/champion/rollback"), {}),
        True,
        dynamodb_calls=3,
    ),
    Endpoint(
        "POST stage rollback",
        lambda c: c.post(_path("/stages/production/rollback"), {}),
        True,
        dynamodb_calls=3,
    ),
    Endpoint("GET scheme", lambda c: c.get("/v1/schemes/own")),
    Endpoint("GET schemes", lambda c: c.get("/v1/schemes")),
    Endpoint("GET default scheme", lambda c: c.get("/v1/default-scheme")),
    Endpoint("GET model's scheme", lambda c: c.get(_path("/scheme"))),
    Endpoint("PUT scheme", lambda c: c.put("/v1/schemes/own", {**SCHEME, "description": "stricter"}), writes=True),
    Endpoint("PUT default scheme", lambda c: c.put("/v1/default-scheme", {"scheme": "own"}), writes=True),
    Endpoint("PUT model's scheme", lambda c: c.put(_path("/scheme"), {"scheme": "simple"}), writes=True),
    Endpoint("PUT tier", lambda c: c.put(_path("/tier"), {"tier": "high"}), writes=True),
    Endpoint("GET dry run of a transition", lambda c: c.get(_path("/versions/30/transitions/production"))),
    Endpoint(
        "POST override",
        lambda c: c.post(_path("/versions/30/override"), {"to_stage": "archived", "reason": "bench"}),
        writes=True,
    ),
    Endpoint(
        "POST request", lambda c: c.post(_path("/requests"), {"version": 31, "to_stage": "production"}), writes=True
    ),
    Endpoint("GET request", lambda c: c.get(_path("/requests/1"))),
    Endpoint("GET requests", lambda c: c.get(_path("/requests"))),
    Endpoint("GET requests (open)", lambda c: c.get(_path("/requests"), query={"state": "open"}), dynamodb_calls=2),
    Endpoint("GET standing of a request", lambda c: c.get(_path("/requests/1/standing")), dynamodb_calls=2),
    Endpoint("POST approval", lambda c: c.post(_path("/requests/1/approve"), {}), True, dynamodb_calls=3),
    Endpoint("POST execution", lambda c: c.post(_path("/requests/1/execute"), {}), True, dynamodb_calls=3),
    Endpoint("POST withdrawal", lambda c: c.post(_path("/requests/2/withdraw"), {}), writes=True),
    Endpoint("DELETE version", lambda c: c.delete(_path("/versions/5")), writes=True),
    Endpoint("DELETE alias", lambda c: c.delete(_path("/aliases/champion")), writes=True),
]


def prepare(registry: Services, caller: Function) -> None:
    """An alias and a scheme to read and to change, and somebody else's requests to judge."""
    other = Request(Principal("token:other", (Grant(Role.CONTRIBUTOR, "*"),)), "prepare")
    for version in (40, 41):
        requests.open_request(registry, other, MODEL, str(version), "archived", None, None, [])
    assert caller.put("/v1/schemes/own", SCHEME).status == 200
    assert caller.put(_path("/aliases/champion"), {"version": 7}).status == 200


def measure(registry: Services, meter: Meter, caller: Function) -> list[Measured]:
    """Every endpoint once for its usage, then again and again on recorded answers for its CPU time."""
    clients = [registry.client(service) for service in ("dynamodb", "s3", "secretsmanager")]
    return [_measure(endpoint, meter, caller, Replay(clients)) for endpoint in ENDPOINTS]


def _measure(endpoint: Endpoint, meter: Meter, caller: Function, replay: Replay) -> Measured:
    with meter.measuring() as usage:
        replay.record(lambda: _checked(endpoint, caller))
    botocore_stubber.enabled = False
    try:
        cpu_ms = replay.median_ms(lambda: endpoint.call(caller), CPU_RUNS)
    finally:
        botocore_stubber.enabled = True
    return Measured(endpoint, usage, cpu_ms)


def _checked(endpoint: Endpoint, caller: Function) -> None:
    reply = endpoint.call(caller)
    if reply.status >= 400:
        raise RuntimeError(f"{endpoint.name}: {reply.status} {reply.text}")


def rows(small: list[Measured], large: list[Measured]) -> list[dict[str, Any]]:
    """One row an endpoint, both sizes side by side."""
    return [
        {
            "endpoint": one.endpoint.name,
            "dynamodb_calls": [one.usage.dynamodb_calls, other.usage.dynamodb_calls],
            "other_calls": [one.usage.other_calls, other.usage.other_calls],
            "read_units": [one.usage.read_units, other.usage.read_units],
            "write_units": [one.usage.write_units, other.usage.write_units],
            "cpu_ms": [round(one.cpu_ms, 2), round(other.cpu_ms, 2)],
            "kept": one.kept
            and other.kept
            and one.usage.calls == other.usage.calls
            and one.usage.read_units == other.usage.read_units
            and one.usage.write_units == other.usage.write_units,
        }
        for one, other in zip(small, large, strict=True)
    ]
