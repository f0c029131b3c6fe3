"""Where moto 5.2.5 is not as AWS is, or slower than tests can bear."""

import copy
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import Table
from moto.s3.models import s3_backends

from chalicelib.aws.services import Services
from chalicelib.domain.manifest import checksum_of
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
    monkeypatch.setattr(Table, "__deepcopy__", lambda table, _: table, raising=False)


def put_at_once(bucket: str, key: str) -> None:
    """Put an empty object without a request, for tests that need a thousand of them."""
    s3_backends[DEFAULT_ACCOUNT_ID]["aws"].put_object(bucket, key, b"")


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
