"""Reading an object version by ranges: few bytes where a scan jumps, few requests where it reads on."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.aws.scanning.object_source import ObjectGoneError, ObjectSource, OutOfTimeError
from chalicelib.aws.services import Services
from chalicelib.domain.scanning.source import TooMuchReadError
from tests.registry.build import put_object
from tests.registry.faults import failing

KEY = "artifacts/u/model.bin"
MIB = 1024 * 1024
LARGE = bytes(range(256)) * 8 * 1024  # 2 MiB


@dataclass
class Ranges:
    """A client that answers ranged reads of one object from memory, and remembers them."""

    content: bytes
    asked: list[tuple[int, int]] = field(default_factory=list)

    def get_object(self, *, Range: str, **_: str) -> dict[str, Any]:  # noqa: N803 - as boto3 names it
        first, last = map(int, Range.removeprefix("bytes=").split("-"))
        self.asked.append((first, last))
        return {"Body": Body(self.content[first : last + 1])}


@dataclass
class Body:
    content: bytes

    def __enter__(self) -> "Body":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def read(self) -> bytes:
        return self.content


def source(
    client: Any, size: int, limit: int = 8 * MIB, in_time: Callable[[], bool] = lambda: True, version: str = "v"
) -> ObjectSource:
    return ObjectSource(client, "artifacts", KEY, version, size, limit, in_time)


@given(st.lists(st.tuples(st.integers(-10, len(LARGE) + 10), st.integers(-10, 300_000)), max_size=20))
def test_any_reads_give_the_bytes_that_are_there(reads: list[tuple[int, int]]) -> None:
    read = source(Ranges(LARGE), len(LARGE), limit=100 * MIB)
    for start, length in reads:
        expected = b"" if start < 0 or length < 0 else LARGE[start : start + length]
        assert read.read(start, length) == expected


def test_reading_on_takes_fewer_requests_the_longer_it_goes_on() -> None:
    client = Ranges(LARGE)
    read = source(client, len(LARGE))
    assert b"".join(read.read(start, 512) for start in range(0, len(LARGE), 512)) == LARGE
    assert read.requests == len(client.asked) <= 12
    assert read.fetched == len(LARGE)


def test_jumping_reads_little_at_each_place() -> None:
    client = Ranges(LARGE)
    read = source(client, len(LARGE))
    for start in range(1_000_000, 0, -50_000):
        assert read.read(start, 30) == LARGE[start : start + 30]
    assert read.fetched == 20 * 1024


def test_what_was_just_read_is_not_fetched_again() -> None:
    client = Ranges(LARGE)
    read = source(client, len(LARGE))
    read.read(2_000_000, 600)
    read.read(10, 30)
    assert read.read(2_000_100, 200) == LARGE[2_000_100:2_000_300]
    assert len(client.asked) == 2
    assert read.read(2_000_900, 600) == LARGE[2_000_900:2_001_500]
    assert client.asked[2][0] == 2_001_024, "from where the known bytes end"


def test_a_small_object_is_one_request() -> None:
    client = Ranges(LARGE[:50_000])
    read = source(client, 50_000)
    assert [read.read(start, 10) for start in (40_000, 0, 49_995)] == [
        LARGE[40_000:40_010],
        LARGE[:10],
        LARGE[49_995:50_000],
    ]
    assert client.asked == [(0, 49_999)]


def test_more_bytes_than_a_scan_may_read_are_refused() -> None:
    read = source(Ranges(LARGE), len(LARGE), limit=100_000)
    assert len(read.read(0, 90_000)) == 90_000
    assert len(read.read(1_000_000, 10_000)) == 10_000, "reading ahead takes no more than is left"
    with pytest.raises(TooMuchReadError):
        read.read(500_000, 1)
    assert read.fetched == 100_000


def test_after_its_time_nothing_is_fetched_and_the_scan_counts_as_interrupted() -> None:
    client, answers = Ranges(LARGE), iter([True, False])
    read = source(client, len(LARGE), in_time=lambda: next(answers))
    assert read.read(0, 10) == LARGE[:10]
    assert read.read(5, 10) == LARGE[5:15], "what is known is still given"
    assert not read.interrupted
    with pytest.raises(OutOfTimeError):
        read.read(1_000_000, 10)
    assert read.interrupted
    assert len(client.asked) == 1


def test_the_sha256_is_that_of_all_bytes() -> None:
    assert source(Ranges(LARGE), len(LARGE)).sha256() == hashlib.sha256(LARGE).hexdigest()
    assert source(Ranges(b""), 0).sha256() == hashlib.sha256(b"").hexdigest()


def test_the_pinned_version_is_read_and_no_later_one(registry: Services) -> None:
    first = put_object(registry, KEY, b"approved")
    put_object(registry, KEY, b"poisoned")
    read = ObjectSource(registry.client("s3"), registry.bucket.name, KEY, first, 8, MIB, lambda: True)
    assert read.read(0, 8) == b"approved"


def test_an_object_that_is_gone_is_told_from_a_failure(registry: Services) -> None:
    gone = put_object(registry, KEY, b"approved")
    registry.client("s3").delete_object(Bucket=registry.bucket.name, Key=KEY, VersionId=gone)
    read = ObjectSource(registry.client("s3"), registry.bucket.name, KEY, gone, 8, MIB, lambda: True)
    with pytest.raises(ObjectGoneError):
        read.read(0, 8)


def test_a_scan_during_which_s3_failed_counts_as_interrupted(registry: Services) -> None:
    read = source(registry.client("s3"), 8, version=put_object(registry, KEY, b"approved"))
    with failing(registry, 1, "after"), pytest.raises(ReadTimeoutError):
        read.read(0, 8)
    assert read.interrupted


def test_fewer_bytes_than_the_manifest_says_are_no_file() -> None:
    with pytest.raises(ObjectGoneError):
        source(Ranges(b"short"), 100).read(0, 100)
