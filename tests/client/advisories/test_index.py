"""Making an index of a zip, a directory or a URL: what is read, what is refused, and that the registry takes it."""

import gzip
import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, TypeVar

import pytest
import yaml
from moorage import MoorageError
from moorage.advisories import index, sources
from moorage.advisories.index import index_of

from chalicelib.domain.vulnerabilities.advisory_index import MAX_BYTES, MAX_COMPRESSED
from chalicelib.domain.vulnerabilities.index_content import checked_index
from tests.client.advisories.documents import TORCH, osv
from tests.loopback import Quiet, serving

Target = TypeVar("Target", Path, io.BytesIO)
DOCUMENTS = [TORCH, osv("PYSEC-2026-1"), {**osv("PYSEC-2026-2"), "withdrawn": "2026-01-01T00:00:00Z"}]


def zipped(path: Target, documents: list[dict[str, Any]]) -> Target:
    with zipfile.ZipFile(path, "w") as archive:
        for document in documents:
            archive.writestr(f"{document['id']}.json", json.dumps(document))
        archive.writestr("README.md", "not a document")
    return path


def checkout(path: Path) -> Path:
    """A directory as a checkout of pypa/advisory-database is."""
    for number, document in enumerate(DOCUMENTS):
        folder = path / "vulns" / str(number)
        folder.mkdir(parents=True)
        (folder / f"{document['id']}.yaml").write_text(yaml.safe_dump(document))
    (path / ".github").mkdir()
    (path / ".github" / "workflow.yml").write_text("on: push\n")
    (path / ".git").mkdir()
    (path / ".git" / "odd.json").write_text("{")
    return path


def test_a_zip_and_a_checkout_make_the_same_index(tmp_path: Path) -> None:
    made = index_of(str(zipped(tmp_path / "all.zip", DOCUMENTS)))
    again = index_of(str(checkout(tmp_path / "checkout")))
    assert made.content == again.content
    assert (made.advisories, made.packages, made.source) == (2, 2, "all.zip")
    assert made.published_at == datetime(2026, 11, 19, 10, tzinfo=UTC)


def test_the_registry_takes_what_is_made(tmp_path: Path) -> None:
    made = index_of(str(zipped(tmp_path / "all.zip", DOCUMENTS)))
    taken = checked_index(made.content, "PyPI")
    assert (taken.advisories, taken.packages) == (made.advisories, made.packages)
    (affected,) = taken.of_package("torch")
    assert (affected.severity.value, affected.aliases) == ("critical", ("CVE-2025-32434",))


def test_texts_of_advisories_are_in_no_index(tmp_path: Path) -> None:
    made = index_of(str(zipped(tmp_path / "all.zip", DOCUMENTS)))
    assert b"summary" not in gzip.decompress(made.content)


def test_the_client_makes_nothing_larger_than_the_registry_takes() -> None:
    assert (index.MAX_BYTES, index.MAX_COMPRESSED) == (MAX_BYTES, MAX_COMPRESSED)


def test_an_index_that_would_be_too_large_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "MAX_BYTES", 100)
    with pytest.raises(MoorageError, match="the registry takes 100"):
        index_of(str(zipped(tmp_path / "all.zip", DOCUMENTS)))


def test_data_is_never_of_a_time_that_lies_ahead(tmp_path: Path) -> None:
    ahead = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    made = index_of(str(zipped(tmp_path / "all.zip", [osv("PYSEC-1", modified=ahead)])))
    assert made.published_at <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("missing.zip", None, "is no zip"),
        ("text.txt", b"text", "is no zip"),
        ("one.json", b"{", "is not a document"),
        ("one.yaml", b"a: [", "is not a document"),
        ("one.json", b"[" * 100_000, "nested too deeply"),
        ("one.json", b"{}", "has no advisory on a package of PyPI"),
        ("one.json", json.dumps({**TORCH, "modified": "someday"}).encode(), "does not say when"),
    ],
)
def test_a_source_that_cannot_be_read_says_why(tmp_path: Path, name: str, content: bytes | None, message: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(MoorageError, match=message):
        index_of(str(tmp_path / name))


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_whose_packed_bytes_are_damaged_is_refused(tmp_path: Path, method: int) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("GHSA-1.json", json.dumps(osv("GHSA-1")) * 10)
        start = archive.infolist()[0].header_offset + 30 + len("GHSA-1.json")
    content = bytearray(path.read_bytes())
    content[start : start + 20] = b"\xff" * 20
    path.write_bytes(content)
    with pytest.raises(MoorageError, match=r"all\.zip is damaged"):
        index_of(str(path))


def test_a_document_that_is_too_large_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_DOCUMENT", 50)
    for place in (zipped(tmp_path / "all.zip", DOCUMENTS), checkout(tmp_path / "checkout")):
        with pytest.raises(MoorageError, match="more than 50 bytes"):
            index_of(str(place))


class Zip(Quiet, BaseHTTPRequestHandler):
    """Answers with a zip of documents, or by what the path says."""

    def do_GET(self) -> None:
        if self.path.startswith("/missing"):
            self.send_error(404)
            return
        content = io.BytesIO()
        zipped(content, DOCUMENTS)
        self.send_response(200)
        if self.path.startswith("/dated"):
            self.send_header("Last-Modified", "Fri, 20 Nov 2026 08:00:00 GMT")
        self.end_headers()
        self.wfile.write(content.getvalue())


def test_a_url_is_read_by_this_machine_and_its_secrets_are_kept_out() -> None:
    with serving(Zip) as url:
        made = index_of(f"{url.replace('//', '//ada:secret@')}/dated/all.zip?sig=secret")
    assert (made.advisories, made.source) == (2, f"{url}/dated/all.zip")
    assert made.published_at == datetime(2026, 11, 20, 8, tzinfo=UTC)


def test_what_a_server_does_not_date_is_of_now() -> None:
    before = datetime.now(UTC)
    with serving(Zip) as url:
        assert before <= index_of(f"{url}/all.zip").published_at <= datetime.now(UTC)


def test_a_url_that_cannot_be_read_says_why_without_its_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Zip) as url:
        with pytest.raises(MoorageError, match="answers 404") as refused:
            index_of(f"{url}/missing.zip?sig=secret")
        monkeypatch.setattr(sources, "MAX_DOWNLOAD", 10)
        with pytest.raises(MoorageError, match="more than 10 bytes"):
            index_of(f"{url}/all.zip")
    assert "secret" not in str(refused.value)
    with pytest.raises(MoorageError, match="cannot be read"):
        index_of(f"{url}/all.zip")
    with pytest.raises(MoorageError, match="no URL"):
        index_of("https://example.com:secret/all.zip")
