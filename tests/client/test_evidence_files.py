"""Plots and reports with the SDK and on the command line: the bytes that come back are those that were attached."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from moorage import Client, ConflictError, IntegrityError, NotFoundError
from moorage.cli import exits
from moorage.cli.main import main

from tests.client.conftest import Connect
from tests.client.lines import Line, expired, lose_answer, tampered

PLOT = b"a plot of the ROC curve" * 1000


@pytest.fixture
def plot(client: Client, build: Path, tmp_path: Path) -> Path:
    client.register("fraud", build)
    path = tmp_path / "roc.png"
    path.write_bytes(PLOT)
    return path


def test_a_file_comes_back_as_it_was_attached(client: Client, plot: Path, tmp_path: Path) -> None:
    attached = client.evidence_files.attach("fraud", 1, plot, evaluation="holdout", description="ROC")
    assert (attached.name, attached.size, attached.evaluation) == ("roc.png", len(PLOT), "holdout")
    assert client.evidence_files.list("fraud", 1, evaluation="holdout") == (attached,)
    assert client.evidence_files.list("fraud", 1, evaluation="other") == ()
    written = client.evidence_files.download("fraud", 1, "roc.png", tmp_path / "back.png")
    assert written.read_bytes() == PLOT
    with pytest.raises(ConflictError):
        client.evidence_files.attach("fraud", 1, plot)
    client.evidence_files.withdraw("fraud", 1, "roc.png")
    with pytest.raises(NotFoundError):
        client.evidence_files.download("fraud", 1, "roc.png", tmp_path / "again.png")


def test_an_upload_survives_an_expired_url_and_lost_answers(
    client: Client, api: Line, storage: Line, plot: Path
) -> None:
    storage.disturb(expired)
    assert client.evidence_files.attach("fraud", 1, plot).size == len(PLOT)
    storage.disturb(lose_answer)
    assert client.evidence_files.attach("fraud", 1, plot, name="again.png").size == len(PLOT)
    api.disturb(lose_answer)
    assert client.evidence_files.attach("fraud", 1, plot, name="third.png").size == len(PLOT)


def test_other_bytes_are_never_written(client: Client, storage: Line, plot: Path, tmp_path: Path) -> None:
    client.evidence_files.attach("fraud", 1, plot)
    storage.disturb(tampered)
    with pytest.raises(IntegrityError):
        client.evidence_files.download("fraud", 1, "roc.png", tmp_path / "back.png")
    assert not (tmp_path / "back.png").exists()


def test_the_command_line_attaches_lists_downloads_and_withdraws(connect: Connect, plot: Path, tmp_path: Path) -> None:
    def run(*arguments: str, code: int = 0) -> str:
        result = CliRunner().invoke(main, ["--json", *arguments], obj=connect)
        assert result.exit_code == code, result.output
        return result.stdout

    run("evidence", "attach", "fraud/1", str(plot), "--description", "ROC")
    assert [file["name"] for file in json.loads(run("evidence", "list", "fraud/1"))] == ["roc.png"]
    target = str(tmp_path / "back.png")
    assert json.loads(run("evidence", "download", "fraud/1", "roc.png", target)) == {"file": target}
    run("evidence", "download", "fraud/1", "roc.png", target, code=exits.USAGE)
    assert json.loads(run("evidence", "withdraw", "fraud/1", "roc.png")) == {"withdrawn": "roc.png"}
