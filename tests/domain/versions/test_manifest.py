import base64
import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.versions.manifest import (
    MAX_FILES,
    MAX_PARTS,
    MIB,
    File,
    Multipart,
    Proof,
    composite_sha256,
    digest,
    manifest,
)

SHA = "ab" * 32
paths = st.lists(st.from_regex(r"[a-z]{1,4}(/[a-z]{1,4}){0,2}", fullmatch=True), min_size=1, max_size=8, unique=True)


@given(paths, st.randoms())
def test_the_digest_depends_on_the_content_and_not_on_the_order(names: list[str], shuffler: object) -> None:
    files = [File(name, 1, hashlib.sha256(name.encode()).hexdigest()) for name in names]
    other = list(files)
    shuffler.shuffle(other)
    assert digest(files) == digest(other)
    assert digest([replace(files[0], size=2), *files[1:]]) != digest(files)
    assert digest([replace(files[0], sha256=SHA), *files[1:]]) != digest(files)


def test_pinning_does_not_change_the_digest() -> None:
    file = File("a", 1, SHA)
    assert digest([file.pinned("v1")]) == digest([file])


@given(st.integers(5, 64), st.integers(1, 1000))
def test_the_parts_of_a_file_add_up_to_it(part_mib: int, size_mib: int) -> None:
    file = File("a", size_mib * MIB + 1, SHA, multipart=Multipart(part_mib * MIB, SHA))
    sizes = [file.part_size(number) for number in range(1, file.part_count + 1)]
    assert sum(sizes) == file.size
    assert all(size == part_mib * MIB for size in sizes[:-1]) and 0 < sizes[-1] <= part_mib * MIB


def test_a_part_beyond_the_last_is_refused() -> None:
    file = File("a", 10 * MIB, SHA, multipart=Multipart(5 * MIB, SHA))
    with pytest.raises(InvalidInputError):
        file.part_size(3)
    with pytest.raises(InvalidInputError):
        file.part_size(0)


def test_the_composite_checksum_is_the_one_s3_computes() -> None:
    parts = [b"x" * 5, b"y" * 3]
    digests = [hashlib.sha256(part).hexdigest() for part in parts]
    file = File("a", 8, SHA, multipart=Multipart(5, composite_sha256(digests)))
    expected = hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).digest()
    assert file.s3_checksum.endswith("-2")
    assert base64.b64decode(file.s3_checksum[:-2]) == expected
    assert file.pinned("v").verified is Proof.COMPOSITE


@pytest.mark.parametrize(
    ("files", "pointer"),
    [
        ([File("a", 1, "short")], "/files/0/sha256"),
        ([File("a", 1, SHA.upper())], "/files/0/sha256"),
        ([File("a", -1, SHA)], "/files/0/size"),
        ([File("a", 5 * 1024 * MIB + 1, SHA)], "/files/0/size"),
        ([File("a", 1, SHA), File("a", 2, SHA)], "/files"),
        ([File("a", 1, SHA), File("a/b", 2, SHA)], "/files"),
        ([File("a", 10 * MIB, SHA, Multipart(MIB, SHA))], "/files/0/multipart/part_size"),
        ([File("a", 0, SHA, Multipart(5 * MIB, SHA))], "/files/0/multipart/part_size"),
        (
            [File("a", (MAX_PARTS + 1) * 5 * MIB, SHA, Multipart(5 * MIB, SHA))],
            "/files/0/multipart/part_size",
        ),
        ([File("a", 6 * MIB, SHA, Multipart(5 * MIB, "no"))], "/files/0/multipart/sha256"),
        ([File("a", 1, SHA, uri="not a uri")], "/files/0/uri"),
    ],
)
def test_a_bad_file_is_named(files: list[File], pointer: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        manifest(files)
    assert pointer in [problem.pointer for problem in refused.value.problems]


def test_the_manifest_is_bounded_in_files_and_in_bytes() -> None:
    with pytest.raises(InvalidInputError):
        manifest([File(f"f{index}", 1, SHA) for index in range(MAX_FILES + 1)])
    with pytest.raises(InvalidInputError):
        manifest([File(f"{index:04d}" + "x" * 1000, 1, SHA) for index in range(300)])
