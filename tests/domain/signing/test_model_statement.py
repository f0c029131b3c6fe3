"""What OpenSSF Model Signing signs: made for a version, read, and compared with a version's files."""

import hashlib
import json
from pathlib import PurePosixPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.signing.model_statement import LEFT_OUT, check_covers, payload_for, root_digest, statement_from
from tests.domain.signing.bundles import file, shards, statement

FILES = (file("a/b", b"1"), file("a.txt", b"2"), file("z", b"3"))
DIGEST = "d" * 64


def read(document: dict[str, Any]) -> Any:
    return statement_from(json.dumps(document).encode())


def test_the_statement_for_a_version_is_about_exactly_its_files() -> None:
    found = statement_from(payload_for("fraud", 3, DIGEST, FILES))
    check_covers(found, FILES)
    assert (found.name, found.algorithm) == ("fraud", "sha256")
    assert {one.path: one.digest for one in found.resources} == {one.path: one.sha256 for one in FILES}


def test_the_statement_for_a_version_says_which_version_it_is() -> None:
    stated = json.loads(payload_for("fraud", 3, DIGEST, FILES))
    assert stated["predicate"]["moorage"] == {"model": "fraud", "version": 3, "digest": DIGEST}


def test_the_statement_for_a_version_never_changes_since_only_its_signature_is_stored() -> None:
    payload = payload_for("fraud", 3, DIGEST, FILES)
    assert hashlib.sha256(payload).hexdigest() == "ddc33258fa54a0e5122d64559bcc9f958846d0b3ec364c3d7992cea18614ba07"


def test_what_a_download_keeps_beside_the_files_is_left_out_unless_it_is_a_file_of_the_version() -> None:
    left_out = json.loads(payload_for("fraud", 3, DIGEST, FILES))["predicate"]["serialization"]["ignore_paths"]
    assert left_out == list(LEFT_OUT)
    own = json.loads(payload_for("fraud", 3, DIGEST, [*FILES, file(LEFT_OUT[1])]))
    assert LEFT_OUT[1] not in own["predicate"]["serialization"]["ignore_paths"]


def test_the_same_version_has_the_same_statement_in_whatever_order_its_files_come() -> None:
    assert payload_for("m", 1, DIGEST, FILES) == payload_for("m", 1, DIGEST, FILES[::-1])


SEGMENTS = st.text("ab.-", min_size=1, max_size=3).filter(lambda text: text.strip("."))
PATHS = st.lists(SEGMENTS, min_size=1, max_size=3).map("/".join)


@given(st.lists(PATHS, min_size=1, max_size=8, unique=True))
def test_files_are_in_the_order_in_which_model_signing_sorts_them(paths: list[str]) -> None:
    found = statement_from(payload_for("m", 1, DIGEST, [file(path) for path in paths]))
    assert [one.path for one in found.resources] == [str(one) for one in sorted(map(PurePosixPath, paths))]


def test_the_root_digest_is_over_the_binary_digests() -> None:
    digests = [hashlib.sha256(content).hexdigest() for content in (b"1", b"2")]
    expected = hashlib.sha256(hashlib.sha256(b"1").digest() + hashlib.sha256(b"2").digest()).hexdigest()
    assert root_digest(digests) == expected


def test_fields_of_the_predicate_that_nobody_knows_are_ignored() -> None:
    check_covers(read(statement(FILES, approvals=[1])), FILES)


def test_shards_count_where_a_file_is_one_shard() -> None:
    check_covers(read(shards(FILES)), FILES)


def test_a_path_with_colons_is_still_one_shard() -> None:
    files = (file("a:b:c"),)
    check_covers(read(shards(files)), files)


def test_a_part_of_a_file_is_refused() -> None:
    given = shards(FILES)
    given["predicate"]["resources"][0]["name"] = "a/b:0:7"
    with pytest.raises(InvalidInputError, match="a part of 'a/b'"):
        check_covers(read(given), FILES)


def test_a_version_may_have_the_file_with_its_signature() -> None:
    check_covers(read(statement(FILES)), (*FILES, file("model.sig")))
    with pytest.raises(InvalidInputError, match=r"not about 'sub/model.sig'"):
        check_covers(read(statement(FILES)), (*FILES, file("sub/model.sig")))


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (FILES[:2], "'z', which this version does not have"),
        ((*FILES, file("more")), "not about 'more'"),
        ((file("a/b", b"other"), *FILES[1:]), "another digest of 'a/b'"),
        ((), "which this version does not have"),
    ],
)
def test_a_statement_about_other_files_is_refused(files: tuple[Any, ...], message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        check_covers(read(statement(FILES)), files)


def test_digests_of_another_algorithm_cannot_be_compared() -> None:
    given = statement(FILES)
    for resource in given["predicate"]["resources"]:
        resource["algorithm"] = "blake2b"
    with pytest.raises(InvalidInputError, match="blake2b digests"):
        check_covers(read(given), FILES)


def edited(change: Any) -> dict[str, Any]:
    document = statement(FILES)
    change(document)
    return document


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d.update(_type="x"), "must be a statement"),
        (lambda d: d.update(predicateType="https://slsa.dev/provenance/v1"), "predicate type"),
        (lambda d: d.update(predicateType="https://model_signing/Digests/v0.1"), r"before model_signing 1\.0"),
        (lambda d: d.update(subject=[]), "one subject"),
        (lambda d: d.update(subject=d["subject"] * 2), "one subject"),
        (lambda d: d["subject"][0].update(name=1), "subject with a name"),
        (lambda d: d["subject"][0]["digest"].update(sha256="0" * 64), "contradicts itself"),
        (lambda d: d["predicate"].pop("serialization"), "'serialization' and 'resources'"),
        (lambda d: d["predicate"]["serialization"].update(method="tensors"), "'files' or 'shards'"),
        (lambda d: d["predicate"].update(resources=[]), "1 to 1000 resources"),
        (lambda d: d["predicate"]["resources"][0].update(algorithm=["sha256"]), "one algorithm"),
        (lambda d: d["predicate"]["resources"][1].update(algorithm="sha512"), "one algorithm"),
        (lambda d: d["predicate"]["resources"][0].update(digest="a" * 65), "no digest"),
        (lambda d: d["predicate"]["resources"][0].update(name=""), "without a name"),
        (lambda d: d["predicate"]["resources"].__setitem__(0, "a"), "one algorithm"),
        (lambda d: d["predicate"]["serialization"].update(method="shards"), "must be <path>:<start>:<end>"),
    ],
)
def test_an_inconsistent_statement_is_refused(change: Any, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        read(edited(change))


def test_a_file_that_is_named_twice_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="twice"):
        read(statement((FILES[0], FILES[0])))


@pytest.mark.parametrize("payload", [b"", b"\xff", b"[" * 100_000, b"null"])
def test_what_is_no_statement_is_refused(payload: bytes) -> None:
    with pytest.raises(InvalidInputError):
        statement_from(payload)
