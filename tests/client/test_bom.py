"""Bills of materials through the SDK and the command line."""

import json
from pathlib import Path

import pytest
from moorage import Client, ConflictError

from tests.client.test_cli import Run, run
from tests.domain.bom.build import of_a_generator

__all__ = ["run"]


@pytest.fixture
def given(tmp_path: Path) -> Path:
    file = tmp_path / "given.json"
    file.write_text(json.dumps(of_a_generator()), encoding="utf-8")
    return file


@pytest.fixture
def fraud(client: Client, build: Path) -> Client:
    client.register("fraud", build, provenance={"runtime": {"requirements": ["torch==2.9.0"]}})
    return client


def test_a_version_is_exported_through_the_sdk(fraud: Client) -> None:
    document = fraud.bom.export("fraud", 1)
    assert [one["purl"] for one in document["components"]] == ["pkg:pypi/torch@2.9.0"]
    files = document["metadata"]["component"]["components"]
    assert {one["name"]: one["hashes"][0]["content"] for one in files} == {
        file.path: file.sha256 for file in fraud.versions.files("fraud", 1)
    }


def test_an_imported_document_fills_the_card_and_is_kept_once(fraud: Client, given: Path) -> None:
    imported = fraud.bom.import_file("fraud", 1, given)
    assert "fields/license" in imported.taken and imported.kept == ()
    assert fraud.bom.import_file("fraud", 1, given) == imported
    (kept,) = fraud.evidence_files.list("fraud", 1)
    assert kept.name == f"bom-{kept.sha256[:12]}.cdx.json"
    assert fraud.cards.get("fraud").revision == imported.card_revision == 1


def test_a_document_about_other_bytes_is_not_kept(fraud: Client, given: Path) -> None:
    document = of_a_generator()
    hashes = [{"alg": "SHA-256", "content": "f" * 64}]
    document["components"][0]["hashes"] = hashes
    given.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(ConflictError):
        fraud.bom.import_file("fraud", 1, given)
    assert list(fraud.evidence_files.list("fraud", 1)) == []


def test_the_command_line_writes_and_reads_documents(run: Run, fraud: Client, given: Path, tmp_path: Path) -> None:
    written = tmp_path / "fraud.cdx.json"
    run("bom", "export", "fraud/1", "-o", written)
    assert json.loads(written.read_text(encoding="utf-8")) == fraud.bom.export("fraud", 1)
    assert json.loads(run("bom", "export", "fraud/1").stdout) == fraud.bom.export("fraud", 1)
    imported = run("bom", "import", "fraud/1", given, "--no-attach")
    assert "the card of fraud is at revision 1" in imported.stdout
    assert "left out: the graphics of the quantitative analysis" in imported.stderr
    assert list(fraud.evidence_files.list("fraud", 1)) == []


def test_a_file_that_is_no_json_is_wrong_usage(run: Run, fraud: Client, tmp_path: Path) -> None:
    file = tmp_path / "bad.json"
    file.write_text("<bom/>", encoding="utf-8")
    assert "is not JSON" in run("bom", "import", "fraud/1", file, code=2).stderr
