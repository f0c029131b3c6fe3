"""Vulnerabilities with the SDK and on the command line: from OSV documents to a statement."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from moorage import Client, ConflictError, MoorageError, NotFoundError
from moorage.cli import exits
from moorage.cli.main import main

from tests.client.advisories.documents import TORCH, osv
from tests.client.conftest import Connect
from tests.client.lines import Line, expired, lose_answer

ID = "GHSA-53q9-r3pm-6pq6"


@pytest.fixture
def advisories(tmp_path: Path) -> str:
    """A directory with two documents."""
    directory = tmp_path / "advisories"
    directory.mkdir()
    for document in (TORCH, osv("PYSEC-2026-1", "numpy", "2.0")):
        (directory / f"{document['id']}.json").write_text(json.dumps(document))
    return str(directory)


@pytest.fixture
def version(client: Client, build: Path) -> None:
    requirements = ["torch==2.5.0", "numpy>=1"]
    client.register("fraud", build, provenance={"runtime": {"requirements": requirements}})
    client.aliases.set("fraud", "champion", 1)


def test_advisories_become_findings_and_statements_lift_them(client: Client, advisories: str, version: None) -> None:
    assert client.vulnerabilities.advisories().index is None
    with pytest.raises(ConflictError):
        client.vulnerabilities.match("fraud", 1)
    index = client.vulnerabilities.update(advisories)
    assert (index.advisories, index.packages, index.source) == (2, 2, "advisories")
    assert client.vulnerabilities.advisories().rematching

    found = client.vulnerabilities.match("fraud", "@champion")
    (one,) = found.vulnerabilities
    assert (one.id, one.severity, one.fixed, one.lifted) == (ID, "critical", "2.6.0", False)
    assert found.unpinned == ("numpy",)

    tomorrow = datetime.now(UTC) + timedelta(days=1)
    stated = client.vulnerabilities.state(
        "fraud", 1, "CVE-2025-32434", "not_affected", justification="code_not_reachable", expires_at=tomorrow
    )
    assert stated.vulnerabilities[0].lifted
    (affected,) = client.vulnerabilities.affected(advisory="CVE-2025-32434")
    assert (affected.model, affected.version, affected.vulnerabilities[0].lifted) == ("fraud", 1, True)
    client.vulnerabilities.unstate("fraud", 1, "CVE-2025-32434")
    assert client.vulnerabilities.get("fraud", 1).statements == ()
    with pytest.raises(NotFoundError):
        client.vulnerabilities.unstate("fraud", 1, "CVE-2025-32434")


def test_an_update_survives_an_expired_url_and_lost_answers_and_can_be_repeated(
    client: Client, api: Line, storage: Line, advisories: str
) -> None:
    storage.disturb(expired)
    first = client.vulnerabilities.update(advisories)
    storage.disturb(lose_answer)
    api.disturb(lose_answer)
    assert client.vulnerabilities.update(advisories) == first


def test_a_source_without_advisories_changes_nothing(client: Client, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(MoorageError, match="no advisory"):
        client.vulnerabilities.update(str(tmp_path / "empty"))
    assert client.vulnerabilities.advisories().index is None


def test_the_command_line_updates_shows_states_and_finds(connect: Connect, advisories: str, version: None) -> None:
    def run(*arguments: str, code: int = 0) -> str:
        result = CliRunner().invoke(main, ["vulnerabilities", *arguments], obj=connect)
        assert result.exit_code == code, result.output
        return result.output

    assert "none yet" in run("show")
    assert "not matched against advisories yet" in run("show", "fraud/1")
    assert "advisories: 2 on 2 packages, of 2026-11-19" in run("update", advisories)
    assert "advisories" in run("show")
    shown = run("match", "fraud/1")
    assert ID in shown and "critical" in shown and "Not pinned to one version: numpy" in shown
    run("state", "fraud/1", "CVE-2025-32434", "not_affected", code=exits.INVALID)
    run("state", "fraud/1", "CVE-2025-32434", "fixed", "--days", "30", "--detail", "patched by us")
    assert "fixed" in run("show", "fraud@champion")
    (affected,) = json.loads(run("affected", "--package", "Torch", "--json"))
    assert (affected["model"], affected["vulnerabilities"][0]["lifted"]) == ("fraud", True)
    assert "fraud/1" in run("affected", "--advisory", ID)
    run("affected", code=exits.USAGE)
    run("unstate", "fraud/1", "CVE-2025-32434")
    run("unstate", "fraud/1", "CVE-2025-32434", code=exits.NOT_FOUND)


def test_a_version_without_known_vulnerabilities_is_told_so(
    client: Client, connect: Connect, advisories: str, build: Path
) -> None:
    client.register("clean", build, provenance={"runtime": {"requirements": ["torch==2.6.0"]}})
    client.vulnerabilities.update(advisories)
    result = CliRunner().invoke(main, ["vulnerabilities", "match", "clean/1"], obj=connect)
    assert "No known vulnerability in 1 requirement." in result.output
