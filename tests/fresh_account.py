"""Simulated AWS as new for each test. What takes long to make is made once for the process: resources and clients."""

import copy
import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Condition
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.retries.quota import RetryQuota
from moto import backend_index, mock_aws
from moto.core.base_backend import BackendDict
from moto.sqs.models import sqs_backends

from tests.aws_resources import create_resources

# Service, account and region of each simulated backend.
_Backends = list[tuple[Any, str, str, Any]]


@contextmanager
def fresh_account() -> Iterator[dict[str, str]]:
    """Simulated AWS with the registry's resources and nothing else; yields the environment that tells of them."""
    with _simulated():
        environment, backends = _made_once()
        BackendDict.reset()
        for service, account, region, backend in _copied(backends):
            service[account][region] = backend
        yield environment


@contextmanager
def _simulated() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        # Requests that do not come from boto3 go to presigned URLs. moto listens for those of all services, which takes
        # longer than most tests. Requests to others are still refused.
        presigned = [(service, url) for service, url in backend_index.backend_url_patterns if service == "s3"]
        patch.setattr(backend_index, "backend_url_patterns", presigned)
        # The process keeps one boto3 session, for the service models that it has read.
        simulation = mock_aws(config={"core": {"reset_boto3_session": False}})
        simulation.start()
    try:
        yield
    finally:
        simulation.stop()


@cache
def _made_once() -> tuple[dict[str, str], _Backends]:
    environment = create_resources()
    backends = [
        (service, account, region, backend)
        for service in BackendDict._instances
        for account, regions in service.items()
        for region, backend in regions.items()
    ]
    return environment, _copied(backends)


def _copied(backends: _Backends) -> _Backends:
    # A lock cannot be copied, so each queue gets its own.
    queues = [
        queue for service, *_, backend in backends if service is sqs_backends for queue in backend.queues.values()
    ]
    together: dict[int, Any] = {id(queue._messages_lock): Condition() for queue in queues}
    return [(service, *where, copy.deepcopy(backend, together)) for service, *where, backend in backends]


@contextmanager
def reused_clients() -> Iterator[None]:
    """Let ``boto3.client`` answer clients that an earlier test has left as they were made.

    No two calls within a test get the same client. A client with a handler or attribute more or less, or with retries
    behind it, is not used again. All of them check their parameters, as those of the registry's table do only here.
    """
    lent: list[_Lent] = []
    retried: list[RetryQuota] = []
    acquire = RetryQuota.acquire

    def client(service: str, **options: Any) -> Any:
        if "config" in options:
            options["config"] = options["config"].merge(Config(parameter_validation=True))
        free = _FREE[_kind(service, options)]
        one = free.pop() if free else _make_client(service, **options)
        # Only now is there a session for certain, which belongs to the kind.
        lent.append(_Lent(_kind(service, options), one))
        return one

    def noted(quota: RetryQuota, amount: int) -> Any:
        retried.append(quota)
        return acquire(quota, amount)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(boto3, "client", client)
        patch.setattr(RetryQuota, "acquire", noted)
        yield
    for one in lent:
        # The table tells its client's model of the service what not to parse. What is cleared is read again.
        one.client.meta.service_model._instance_cache.clear()
        if one.untouched and not retried:
            _FREE[one.kind].append(one.client)


# Without it, one use within another would lend a client twice.
_make_client: Any = boto3.client


class _Lent:
    def __init__(self, kind: tuple[object, ...], client: Any) -> None:
        self.kind = kind
        self.client = client
        self._attributes = dict(vars(client))
        self._known_handlers = client.meta.events._emitter._lookup_cache

    @property
    def untouched(self) -> bool:
        # botocore begins a new cache with each change of the handlers.
        known = self.client.meta.events._emitter._lookup_cache
        return known is self._known_handlers and vars(self.client) == self._attributes


_FREE: dict[tuple[object, ...], list[Any]] = defaultdict(list)


def _kind(service: str, options: dict[str, Any]) -> tuple[object, ...]:
    """What a client is made from."""
    given = {name: getattr(value, "_user_provided_options", value) for name, value in options.items()}
    environment = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
    return service, repr(sorted(given.items())), repr(sorted(environment.items())), _session_as_it_is()


def _session_as_it_is() -> int | None:
    """A number for the session with its present handlers, which clients inherit when they are made."""
    if boto3.DEFAULT_SESSION is None:
        return None
    known = boto3.DEFAULT_SESSION.events._emitter._lookup_cache
    for number, seen in enumerate(_SESSIONS):
        if seen is known:
            return number
    _SESSIONS.append(known)
    return len(_SESSIONS) - 1


# Kept, so that no later one takes the identity of an earlier one.
_SESSIONS: list[object] = []
