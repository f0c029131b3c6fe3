"""Our presigned URLs are botocore's, byte for byte."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from botocore.config import Config
from botocore.credentials import ReadOnlyCredentials
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.aws.versions.bucket import Bucket, object_key
from chalicelib.aws.versions.presign import Presigner
from chalicelib.domain.versions.manifest import checksum_of

UID = "0" * 32
SHA = "ab" * 32
KEYS = {
    None: ReadOnlyCredentials("AKIDEXAMPLE", "secret/+=", None),
    # An environment may give an empty token, and botocore signs that too.
    "": ReadOnlyCredentials("AKIDEXAMPLE", "secret/+=", ""),
    "to/k+en==": ReadOnlyCredentials("ASIAEXAMPLE", "other", "to/k+en=="),
}
ENDPOINTS = (
    None,
    "http://127.0.0.1:4566",
    "http://localhost:4566",
    "http://s3.example.com:80",
    "https://s3.example.com:443",
    "https://s3.example.com/under",
)


@dataclass(frozen=True)
class Place:
    """A bucket, where its service answers, and who signs."""

    bucket: str
    endpoint: str | None
    style: str
    region: str
    token: str | None


@cache
def session() -> boto3.Session:
    return boto3.Session()


@cache
def client(place: Place) -> Any:
    credentials = KEYS[place.token]
    return session().client(
        "s3",
        endpoint_url=place.endpoint,
        region_name=place.region,
        aws_access_key_id=credentials.access_key,
        aws_secret_access_key=credentials.secret_key,
        aws_session_token=credentials.token,
        config=Config(signature_version="s3v4", s3={"addressing_style": place.style}),
    )


@cache
def bucket(place: Place) -> Bucket:
    return Bucket(client(place), place.bucket, lambda: KEYS[place.token])


def by_botocore(place: Place, alike: str, operation: str, lifetime: int, **parameters: object) -> str:
    """What botocore signs at the time at which ``alike`` was signed."""
    (date,) = parse_qs(urlsplit(alike).query)["X-Amz-Date"]
    then = datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    with patch("botocore.auth.get_current_datetime", lambda **_: then):
        url: str = client(place).generate_presigned_url(
            operation, Params={"Bucket": place.bucket, **parameters}, ExpiresIn=lifetime
        )
    return url


PLACES = st.builds(
    Place,
    bucket=st.sampled_from(["artifacts", "with.dots"]),
    endpoint=st.sampled_from(ENDPOINTS),
    style=st.sampled_from(["virtual", "path"]),
    region=st.sampled_from(["us-east-1", "eu-central-1"]),
    token=st.sampled_from(list(KEYS)),
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
LIFETIMES = st.integers(1, 604_800)
# The first URL of a place waits for botocore to read its models.
untimed = settings(deadline=None)


@untimed
@given(PLACES, TEXTS, TEXTS, LIFETIMES)
def test_a_get_url_is_botocores(place: Place, path: str, version: str, lifetime: int) -> None:
    key = object_key(UID, path)
    url = bucket(place).sign_get(key, version, lifetime)
    (disposition,) = parse_qs(urlsplit(url).query)["response-content-disposition"]

    assert url == by_botocore(
        place, url, "get_object", lifetime, Key=key, VersionId=version, ResponseContentDisposition=disposition
    )


@untimed
@given(PLACES, TEXTS, LIFETIMES)
def test_the_url_of_the_newest_version_is_botocores_and_has_a_browser_save_it(
    place: Place, path: str, lifetime: int
) -> None:
    key = object_key(UID, path)
    url = bucket(place).sign_newest(key, lifetime, "application/octet-stream")
    (disposition,) = parse_qs(urlsplit(url).query)["response-content-disposition"]

    assert disposition.startswith("attachment;")
    assert url == by_botocore(
        place,
        url,
        "get_object",
        lifetime,
        Key=key,
        ResponseContentDisposition=disposition,
        ResponseContentType="application/octet-stream",
    )


@untimed
@given(PLACES, TEXTS, st.integers(0, 5 * 1024**3), LIFETIMES)
def test_a_put_url_is_botocores(place: Place, path: str, size: int, lifetime: int) -> None:
    key = object_key(UID, path)
    url = bucket(place).sign_put(key, size, SHA, lifetime).url

    assert url == by_botocore(
        place,
        url,
        "put_object",
        lifetime,
        Key=key,
        ContentLength=size,
        ChecksumSHA256=checksum_of(SHA),
        IfNoneMatch="*",
    )


@untimed
@given(PLACES, TEXTS, TEXTS, st.integers(1, 10_000), LIFETIMES)
def test_a_part_url_is_botocores(place: Place, path: str, upload: str, number: int, lifetime: int) -> None:
    key = object_key(UID, path)
    url = bucket(place).sign_part(key, upload, number, 7, SHA, lifetime).url

    assert url == by_botocore(
        place,
        url,
        "upload_part",
        lifetime,
        Key=key,
        UploadId=upload,
        PartNumber=number,
        ContentLength=7,
        ChecksumSHA256=checksum_of(SHA),
    )


def test_the_example_of_the_aws_documentation() -> None:
    credentials = ReadOnlyCredentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", None)
    presigner = Presigner("https://examplebucket.s3.amazonaws.com/", "us-east-1", lambda: credentials)

    url = presigner.url("GET", "test.txt", {}, {}, lifetime=86_400, now="20130524T000000Z")

    assert url.endswith("&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")


@pytest.mark.parametrize("changed", ["day", "secret"])
def test_another_day_or_secret_is_signed_with_another_key(changed: str) -> None:
    secrets = {"now": "first"}

    def signed(presigner: Presigner, now: str) -> str:
        return presigner.url("GET", "k", {}, {}, lifetime=60, now=now)

    def presigner() -> Presigner:
        return Presigner(
            "https://b.s3.amazonaws.com/", "us-east-1", lambda: ReadOnlyCredentials("AKID", secrets["now"], None)
        )

    lasting = presigner()
    before = signed(lasting, "20260131T235959Z")
    if changed == "secret":
        secrets["now"] = "second"
    now = "20260201T000000Z" if changed == "day" else "20260131T235959Z"

    assert signed(lasting, now) == signed(presigner(), now) != before
