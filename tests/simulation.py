"""Where moto 5.2.5 is not as AWS is, or slower than tests can bear."""

import base64
import copy
import json
from datetime import datetime
from functools import cache
from threading import RLock
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.endpoint import Endpoint, convert_to_response_dict
from botocore.parsers import create_parser
from moto import backend_index
from moto.core import responses
from moto.core.botocore_stubber import MockRawResponse
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb import models
from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler, DynamoResult
from moto.s3.models import s3_backends

from chalicelib.aws.services import Services
from chalicelib.domain.versions.manifest import checksum_of
from tests.registry.build import sha256


def quick_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a transaction copy, for its rollback, the items that it names; moto copies the whole table for each."""
    transact = DynamoDBBackend.transact_write_items

    def transact_write_items(backend: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
        before = []
        for item in transact_items:
            (operation,) = item.values()
            table = backend.get_table(operation["TableName"])
            keys = backend.get_keys_value(table, operation.get("Key") or operation["Item"])
            before.append((table, keys, copy.deepcopy(table.get_item(*keys))))
        try:
            transact(backend, transact_items)
        except Exception:
            for table, (partition, sort), kept in before:
                if kept is None:
                    table.delete_item(partition, sort)
                else:
                    table.items[partition][sort] = kept
            raise

    monkeypatch.setattr(DynamoDBBackend, "transact_write_items", transact_write_items)
    # moto's copy of the table, and of single items.
    copied = SimpleNamespace(deepcopy=lambda one: one if isinstance(one, Table) else copy.deepcopy(one))
    monkeypatch.setattr(models, "copy", copied)


def quick_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let DynamoDB's answers be written as they are; moto looks for each of their members under many names."""

    def execute_result(answer: DynamoResult, _: Any) -> tuple[int, dict[str, str], str]:
        return 200, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(answer.result, default=_as_json)

    monkeypatch.setattr(DynamoResult, "execute_result", execute_result)
    # It looks through a class for each request.
    monkeypatch.setattr(responses, "method_names_from_class", _METHOD_NAMES)
    # It compares a request's URL with those of each service in turn, by name.
    monkeypatch.setattr(backend_index, "backend_url_patterns", _URLS)


def quick_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a call of DynamoDB reach moto's handler without HTTP: no signature, and no URL to route.

    boto3 checks the parameters, writes the body, reads the answer and retries as ever. It calls what is registered with
    ``before-call``, ``needs-retry`` and ``after-call``, but not what is registered for sending.
    """
    create_request, get_response = Endpoint.create_request, Endpoint._get_response

    def create(endpoint: Endpoint, sent: dict[str, Any], operation: Any = None) -> Any:
        if operation is None or operation.service_model.service_name != "dynamodb":
            return create_request(endpoint, sent, operation)
        return _Unsigned(sent)

    def answered(endpoint: Endpoint, request: Any, operation: Any, context: Any) -> Any:
        if not isinstance(request, _Unsigned):
            return get_response(endpoint, request, operation, context)
        # Between threads, moto's transactions are none: what one rolls back, another may have written.
        with _IN_TURN:
            status, headers, body = _handler(request.sent).call_action()
        answer = AWSResponse(request.sent["url"], status, HTTPHeaders.from_dict(headers), MockRawResponse(body))
        parser = create_parser(operation.service_model.resolved_protocol)
        response = convert_to_response_dict(answer, operation)
        parsed = parser.parse(response, operation.output_shape)
        if status >= 300:
            endpoint._add_modeled_error_fields(response, parsed, operation, parser)
        return (answer, parsed), None

    monkeypatch.setattr(Endpoint, "create_request", create)
    monkeypatch.setattr(Endpoint, "_get_response", answered)


_IN_TURN = RLock()


class _Unsigned:
    """A request of DynamoDB that is not sent over HTTP."""

    def __init__(self, sent: dict[str, Any]) -> None:
        self.sent = sent

    def reset_stream(self) -> None:
        """Nothing to begin again: the body is no stream."""


def _handler(sent: dict[str, Any]) -> DynamoHandler:
    """moto's handler with what it would take from a request."""
    handler = DynamoHandler()
    handler.headers = sent["headers"]
    handler.querystring, handler.uri_match = {}, {}
    handler.region, handler.current_account = sent["context"]["client_region"], DEFAULT_ACCOUNT_ID
    handler.access_key = "AKIAEXAMPLE"
    handler.response_headers = {"server": "amazon.com"}
    request = {"method": "POST", "path": "/", "values": {}, "headers": handler.headers, "data": sent["body"]}
    handler.parse_parameters(SimpleNamespace(**request, content_type=handler.headers["Content-Type"]))
    return handler


_URLS = sorted(backend_index.backend_url_patterns, key=lambda service_and_url: service_and_url[0] != "dynamodb")
_METHOD_NAMES = cache(responses.method_names_from_class)


def _as_json(value: object) -> object:
    """What DynamoDB's protocol makes of values that are not JSON's."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime):
        return value.timestamp()
    raise TypeError(f"{type(value).__name__} is not known in DynamoDB's answers")


def put_at_once(bucket: str, key: str) -> None:
    """Put an empty object without a request, for tests that need a thousand of them."""
    s3_backends[DEFAULT_ACCOUNT_ID]["aws"].put_object(bucket, key, b"")


def items_of(region: str, table: str) -> list[dict[str, dict[str, str]]]:
    """All items of a table, without a request."""
    stored = dynamodb_backends[DEFAULT_ACCOUNT_ID][region].get_table(table)
    return [one.to_json()["Attributes"] for sorts in stored.items.values() for one in sorts.values()]


def replace_items(region: str, table: str, items: list[dict[str, dict[str, str]]]) -> None:
    """Replace all items of a table without a request, for tests that do so many times."""
    stored = dynamodb_backends[DEFAULT_ACCOUNT_ID][region].get_table(table)
    stored.items.clear()
    for item in items:
        stored.put_item(item)


def like_s3(registry: Services) -> None:
    """Make up for gaps, each checked to be as S3 documents on another emulator (MiniStack)."""
    buckets = s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets
    events = registry.client("s3").meta.events

    def list_checksums_of_parts(parsed: dict[str, Any], **_: Any) -> None:
        for part in parsed.get("Parts", ()):
            body = buckets[parsed["Bucket"]].multiparts[parsed["UploadId"]].parts[part["PartNumber"]].value
            part["ChecksumSHA256"] = checksum_of(sha256(body))

    def count_parts_in_checksum(parsed: dict[str, Any], **_: Any) -> None:
        etag, checksum = parsed.get("ETag", "").strip('"'), parsed.get("ChecksumSHA256")
        if checksum and "-" in etag:
            parsed["ChecksumSHA256"] = f"{checksum}-{etag.rpartition('-')[2]}"

    def refuse_unknown_upload(params: dict[str, Any], **_: Any) -> tuple[AWSResponse, dict[str, Any]] | None:
        if any(params["query_string"]["uploadId"] in bucket.multiparts for bucket in buckets.values()):
            return None
        error = {"Code": "NoSuchUpload", "Message": "The upload may have been aborted or completed."}
        return AWSResponse(params["url"], 404, HTTPHeaders(), None), {"Error": error, "ResponseMetadata": {}}

    events.register("after-call.s3.ListParts", list_checksums_of_parts)
    events.register("after-call.s3.HeadObject", count_parts_in_checksum)
    # Last, so that it sees what a test's own handler has done to the upload.
    events.register_last("before-call.s3.CompleteMultipartUpload", refuse_unknown_upload)
