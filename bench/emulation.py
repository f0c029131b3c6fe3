"""A registry on AWS emulated in this process, made to be measured."""

import contextlib
import io
import os
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import boto3
from moto import mock_aws

from bench.meter import Meter
from chalicelib.aws.names import LIMITS_VARIABLE
from chalicelib.aws.services import Services, reset_services, services
from tests.aws_resources import create_resources


@contextlib.contextmanager
def fresh_registry() -> Iterator[Services]:
    """The process's services on empty AWS resources. The environment is restored; what the functions log is dropped."""
    with (
        patch.dict(os.environ),
        mock_aws(),
        _transactions_without_undoing(),
        _nothing_grows_old(),
        contextlib.redirect_stdout(io.StringIO()),
    ):
        # Searches are counted after each thousandth of their limit. No replay comes so far.
        os.environ |= create_resources() | {LIMITS_VARIABLE: "daily_searches=1000000000000"}
        reset_services()
        yield services()
        reset_services()


def metered(registry: Services) -> Meter:
    """A meter of what the registry asks of DynamoDB, S3 and SQS."""
    meter = Meter(boto3.client("dynamodb"), registry.table.name)
    for service in ("dynamodb", "s3", "sqs"):
        meter.attach(registry.client(service))
    return meter


def replayed_clients(registry: Services) -> list[Any]:
    """The clients whose answers a replay records."""
    return [registry.client(service) for service in ("dynamodb", "s3", "secretsmanager")]


def _transactions_without_undoing() -> contextlib.AbstractContextManager[Any]:
    """moto copies the whole table for each write of a transaction, to undo one that fails. Here none fails."""
    from moto.dynamodb.models.table import Table

    return patch.object(Table, "__deepcopy__", lambda table, _: table, create=True)


def _nothing_grows_old() -> contextlib.AbstractContextManager[Any]:
    """A secret that is read again would come between the recorded answers."""
    return patch.object(Services, "monotonic", lambda _: 0.0)
