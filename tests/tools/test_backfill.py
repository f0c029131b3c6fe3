"""The backfill of a deployed registry, as an operator runs it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from chalicelib.aws.services import Services
from tests.registry.build import model, ready
from tests.registry.search.test_backfill import by_metric, without_metrics
from tools import backfill


@contextmanager
def before_call(operation: str, act: Any) -> Iterator[None]:
    """While entered, ``act`` is called before a call of AWS by any client that is made from now on."""
    session = boto3.DEFAULT_SESSION
    assert session is not None
    session.events.register(f"before-call.{operation}", act)
    try:
        yield
    finally:
        session.events.unregister(f"before-call.{operation}", act)


def test_the_table_is_found_by_the_stage_and_a_summary_is_printed(
    registry: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    ready(registry, model(registry), metrics={"auc": 0.8})
    without_metrics(registry)
    asked = []

    # moto's CloudFormation needs packages that nothing else needs.
    def describe(params: dict[str, Any], **_: Any) -> tuple[AWSResponse, dict[str, Any]]:
        asked.append(params["body"]["StackName"])
        outputs = [
            {"OutputKey": "BucketName", "OutputValue": "artifacts"},
            {"OutputKey": "TableName", "OutputValue": "registry"},
            {"OutputKey": "SigningSecretArn", "OutputValue": registry.settings.signing_secret},
        ]
        return AWSResponse(params["url"], 200, HTTPHeaders(), None), {"Stacks": [{"Outputs": outputs}]}

    with before_call("cloudformation.DescribeStacks", describe):
        assert backfill.main(["--stage", "test"]) == 0
    assert asked == ["Moorage-test"] and by_metric(registry) == [1]
    assert capsys.readouterr().out == (
        "Done. 1 models and 1 versions read, 1 entries written, 0 removed, 0 items put into indexes, "
        "0 long lists of files cut, 0 aliases sealed, 0 links of lineage written.\n"
    )


def test_an_interrupted_run_says_where_to_continue(
    registry: Services, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfill, "EVERY", 2)
    for number in range(4):
        ready(registry, model(registry, f"model-{number}"), metrics={"auc": 0.8})
    without_metrics(registry)
    calls: list[str] = []

    def interrupt(**_: object) -> None:
        calls.append("")
        if len(calls) == 4:
            raise KeyboardInterrupt

    with before_call("dynamodb.TransactWriteItems", interrupt), pytest.raises(KeyboardInterrupt):
        backfill.main(["--table", "registry"])
    printed = capsys.readouterr()
    last = printed.err.split("--after ")[1].strip()
    assert printed.out.startswith("2 models and 2 versions read") and "3 models" in printed.err
    assert backfill.main(["--table", "registry", "--after", last]) == 0
    assert "Done. 1 models and 1 versions read, 1 entries written" in capsys.readouterr().out
