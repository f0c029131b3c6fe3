"""Importing from MLflow: everything arrives complete and once, and what is left out is reported."""

import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from moorage import Client, NotConfiguredError, RetryPolicy, ServerError, UnauthenticatedError, UnreachableError
from moorage.cli import exits
from moorage.cli.main import main
from moorage.cli.progress_bar import Passing, passing_bars
from moorage.mlflow_import import NUMBER_TAG, SOURCE_TAG, Entry, MlflowImport, Outcome
from moorage.mlflow_source import MlflowSource, authorization
from moorage.progress import Silent
from rich.console import Console

from tests.client import lines
from tests.client.conftest import Connect
from tests.client.lines import Line
from tests.client.mlflow_stub import PROMPT, MlflowStub, served
from tests.client.trees import content

Import = Callable[..., list[Entry]]
FILES = {"MLmodel": b"flavors: {}", "data/model.bin": b"weights" * 100, "data/a b=c@d.txt": b"odd", "empty": b""}


@pytest.fixture
def mlflow() -> Iterator[MlflowStub]:
    with served() as stub:
        yield stub


@pytest.fixture
def bring(mlflow: MlflowStub, client: Client, waits: list[float]) -> Import:
    def run(credentials: str | None = None, **options: Any) -> list[Entry]:
        retry = RetryPolicy(attempts=2, sleep=waits.append, jitter=lambda: 0.0)
        with MlflowSource(mlflow.url, credentials, retry=retry) as source:
            return list(MlflowImport(source, client, **options).run())

    return run


def outcomes(entries: list[Entry], kind: str) -> dict[str, str]:
    return {f"{entry.model}/{entry.name}": entry.outcome.value for entry in entries if entry.kind == kind}


def reasons(entries: list[Entry]) -> dict[str, str]:
    return {f"{entry.kind} {entry.name}": entry.reason or "" for entry in entries if entry.outcome is Outcome.LEFT_OUT}


def test_a_model_comes_with_its_versions_tags_descriptions_and_files(
    mlflow: MlflowStub, bring: Import, client: Client, tmp_path: Path
) -> None:
    mlflow.model("fraud", description="scores cards", tags={"team": "risk"})
    mlflow.version("fraud", 1, FILES, description="first", tags={"n": "1"}, run_id="r1", run_link="https://ci/1")
    mlflow.runs["r1"] = {
        "params": [{"key": "depth", "value": "3"}, {"key": "a/b", "value": "x"}],
        "metrics": [{"key": "auc", "value": 0.9}, {"key": "loss", "value": "NaN"}, {"key": "val/auc", "value": 0.8}],
    }
    mlflow.version("fraud", 2, {"model.bin": b"other"}, run_id="gone", user_id="ada")
    entries = bring()
    assert outcomes(entries, "version") == {"fraud/1": "imported", "fraud/2": "imported"}
    model = client.models.get("fraud")
    assert (model.description, model.tags["team"]) == ("scores cards", "risk")
    first, second = client.versions.get("fraud", 1), client.versions.get("fraud", 2)
    assert (first.description, first.tags["n"], first.ready) == ("first", "1", True)
    assert first.tags[SOURCE_TAG] == f"{mlflow.url}/#/models/fraud/versions/1"
    assert (first.parameters, first.metrics) == ({"depth": "3"}, {"auc": 0.9})
    assert first.provenance == {
        "run": {"id": "r1", "url": "https://ci/1"},
        "artifact_source": {"uri": "mlflow-artifacts:/0/1-fraud"},
    }
    assert first.metadata["mlflow"] == {"created_at": datetime(2023, 11, 14, 22, 13, 20, 123000, tzinfo=UTC)}
    assert (second.provenance or {})["author"] == "ada"
    assert NUMBER_TAG not in second.tags
    client.download("fraud", 1, tmp_path / "served")
    assert content(tmp_path / "served") == FILES


def test_numbers_keep_their_order_and_those_that_changed_are_remembered(
    mlflow: MlflowStub, bring: Import, client: Client
) -> None:
    mlflow.model("fraud")
    for number in (3, 5, 6):
        mlflow.version("fraud", number, {"n": b"%d" % number})
    entries = bring()
    assert [entry.version for entry in entries if entry.kind == "version"] == [1, 2, 3]
    assert [client.versions.get("fraud", number).tags[NUMBER_TAG] for number in (1, 2, 3)] == ["3", "5", "6"]


def test_a_second_run_brings_what_is_new_and_nothing_twice(
    mlflow: MlflowStub, bring: Import, client: Client, api: Line
) -> None:
    mlflow.model("fraud")
    mlflow.version("fraud", 1, {"n": b"1"})
    mlflow.point("fraud", "champion", 1)
    bring()
    api.calm()
    assert {entry.outcome for entry in bring()} == {Outcome.PRESENT}
    assert {request.method for request in api.requests} == {"GET"}
    mlflow.version("fraud", 2, {"n": b"2"})
    assert outcomes(bring(), "version") == {"fraud/1": "present", "fraud/2": "imported"}
    assert client.models.get("fraud").versions == 2


def test_a_run_that_was_cut_off_is_taken_up(mlflow: MlflowStub, bring: Import, client: Client, storage: Line) -> None:
    mlflow.model("fraud")
    mlflow.version("fraud", 7, FILES)
    storage.disturb(lines.lose_request, when=lambda request: request.method == "PUT", times=100)
    with pytest.raises(UnreachableError):
        bring()
    assert client.versions.get("fraud", 1).status == "PENDING"
    storage.calm()
    assert outcomes(bring(), "version") == {"fraud/7": "imported"}
    version = client.versions.get("fraud", 1)
    assert (version.status, version.tags[NUMBER_TAG]) == ("READY", "7")
    assert client.models.get("fraud").last_version == 1


def test_a_number_that_a_cut_off_run_did_not_note_is_noted_by_the_next(
    mlflow: MlflowStub, bring: Import, client: Client, api: Line
) -> None:
    mlflow.model("fraud")
    mlflow.version("fraud", 2, {"n": b"2"})
    api.disturb(lines.lose_request, when=lambda request: request.method == "PATCH", times=100)
    with pytest.raises(UnreachableError):
        bring()
    assert NUMBER_TAG not in client.versions.get("fraud", 1).tags
    api.calm()
    assert outcomes(bring(), "version") == {"fraud/2": "present"}
    assert client.versions.get("fraud", 1).tags[NUMBER_TAG] == "2"


def test_aliases_and_stages_follow_their_versions_under_their_new_numbers(
    mlflow: MlflowStub, bring: Import, client: Client
) -> None:
    mlflow.model("fraud")
    for number, stage in ((2, "Archived"), (4, "Production"), (6, "Staging")):
        mlflow.version("fraud", number, {"n": b"%d" % number}, current_stage=stage)
    mlflow.point("fraud", "champion", 4)
    bring()
    model = client.models.get("fraud")
    assert model.aliases == {"champion": 2}
    stages = [client.versions.get("fraud", number).stage for number in (1, 2, 3)]
    assert stages == ["archived", "production", "staging"]


def test_a_stage_that_the_scheme_refuses_or_lacks_is_told_and_the_rest_goes_on(
    mlflow: MlflowStub, bring: Import, client: Client
) -> None:
    client.schemes.set_default("regulated")
    mlflow.model("fraud")
    mlflow.version("fraud", 1, {"n": b"1"}, current_stage="Production")
    mlflow.version("fraud", 2, {"n": b"2"}, current_stage="Staging")
    mlflow.version("fraud", 3, {"n": b"3"}, current_stage="Archived")
    entries = bring()
    left_out = reasons(entries)
    assert "production" in left_out["stage 1: Production"]
    assert left_out["stage 2: Staging"] == "the scheme 'regulated' has no such stage"
    assert client.versions.get("fraud", 3).stage == "archived"
    assert set(outcomes(entries, "version").values()) == {"imported"}


def test_an_exclusive_stage_is_given_to_the_newest_alone(mlflow: MlflowStub, bring: Import, client: Client) -> None:
    mlflow.model("fraud")
    mlflow.version("fraud", 1, {"n": b"1"}, current_stage="Production")
    mlflow.version("fraud", 2, {"n": b"2"}, current_stage="Production")
    assert reasons(bring()) == {
        "stage 1: Production": "the stage production holds only one version; the newest in MLflow is version 2"
    }
    assert client.versions.get("fraud", 1).stage == "development"
    assert client.versions.get("fraud", 2).stage == "production"


def test_pointers_that_were_moved_here_stay_unless_they_are_to_follow(
    mlflow: MlflowStub, bring: Import, client: Client
) -> None:
    mlflow.model("fraud")
    mlflow.version("fraud", 1, {"n": b"1"}, current_stage="Production")
    mlflow.version("fraud", 2, {"n": b"2"})
    mlflow.point("fraud", "champion", 1)
    bring()
    client.aliases.set("fraud", "champion", 2)
    client.versions.transition("fraud", 1, "staging")
    left_out = reasons(bring())
    assert left_out == {
        "alias champion": "in the registry it points at version 2; --follow moves it to 1",
        "stage 1: Production": "in the registry it is in staging; --follow moves it to production",
    }
    assert reasons(bring(follow=True)) == {}
    assert client.models.get("fraud").aliases == {"champion": 1}
    assert client.versions.get("fraud", 1).stage == "production"


def test_an_alias_that_the_registry_does_not_take_is_told(mlflow: MlflowStub, bring: Import) -> None:
    mlflow.model("fraud")
    mlflow.version("fraud", 1, {"n": b"1"})
    mlflow.version("fraud", 2, uri="s3://bucket/a")
    mlflow.point("fraud", "1", 1)
    mlflow.point("fraud", "next", 2)
    left_out = reasons(bring())
    assert "reserved" in left_out["alias 1"]
    assert left_out["alias next"] == "it points at version 2, which was not imported"


def test_a_rehearsal_changes_nothing_and_says_what_would_come(
    mlflow: MlflowStub, bring: Import, client: Client, api: Line
) -> None:
    mlflow.model("fraud")
    mlflow.version("fraud", 1, FILES, current_stage="Production")
    mlflow.version("fraud", 2, uri="s3://bucket/a")
    mlflow.point("fraud", "champion", 1)
    entries = bring(dry_run=True)
    assert {request.method for request in api.requests} == {"GET"}
    (version,) = [entry for entry in entries if entry.kind == "version" and entry.outcome is Outcome.PLANNED]
    assert (version.name, version.files, version.size) == ("1", 4, sum(map(len, FILES.values())))
    assert outcomes(entries, "alias") == {"fraud/champion": "planned"}
    assert outcomes(entries, "stage") == {"fraud/1: Production": "planned"}
    assert "s3:" in reasons(entries)["version 2"]
    assert list(client.models.list()) == []


def test_only_models_whose_names_begin_so_are_brought(mlflow: MlflowStub, bring: Import, client: Client) -> None:
    for name in ("fraud-eu", "fraud-us", "churn", 'it\'s 50% "odd"', 'say "it"', "it's"):
        mlflow.model(name)
        mlflow.version(name, 1, {"n": name.encode()})
    bring(prefix="fraud-")
    assert [model.name for model in client.models.list(order="name")] == ["fraud-eu", "fraud-us"]
    assert set(outcomes(bring(), "version").values()) == {"imported", "present"}
    assert client.versions.get('it\'s 50% "odd"', 1).ready


@pytest.mark.parametrize(
    ("uri", "location"),
    [
        ("s3://key:secret@bucket/model?token=secret", "at s3:"),
        ("file:///srv/models/1", "at file:"),
        ("/srv/models/1", "a directory of the server"),
        ("mlflow-artifacts://elsewhere:5000/0/1", "at mlflow-artifacts:"),
        ("https://files.example/model.tar", "at https:"),
    ],
)
def test_files_that_the_server_does_not_serve_are_told_without_their_address(
    mlflow: MlflowStub, bring: Import, uri: str, location: str
) -> None:
    mlflow.model("fraud")
    mlflow.version("fraud", 1, uri=uri)
    (reason,) = reasons(bring()).values()
    assert location in reason
    assert "secret" not in reason


def test_files_at_the_full_address_of_the_servers_proxy_are_brought(
    mlflow: MlflowStub, bring: Import, client: Client
) -> None:
    mlflow.model("fraud")
    mlflow.version("fraud", 1, FILES, uri=f"{mlflow.url}/api/2.0/mlflow-artifacts/artifacts/0/1-fraud")
    assert outcomes(bring("Bearer t0ken"), "version") == {"fraud/1": "imported"}
    assert {request.headers.get("authorization") for request in mlflow.requests} == {"Bearer t0ken"}


def test_a_proxy_elsewhere_is_not_shown_the_credentials(mlflow: MlflowStub, bring: Import) -> None:
    with served() as elsewhere:
        elsewhere.files["0/1/model.bin"] = b"weights"
        mlflow.model("fraud")
        mlflow.version("fraud", 1, uri=f"{elsewhere.url}/api/2.0/mlflow-artifacts/artifacts/0/1")
        assert outcomes(bring("Bearer t0ken"), "version") == {"fraud/1": "imported"}
        assert [request.headers.get("authorization") for request in elsewhere.requests] == [None, None]


def test_a_proxy_that_hands_out_presigned_addresses_alone_is_read_from_storage(
    mlflow: MlflowStub, bring: Import
) -> None:
    with served() as store:
        store.answers["/bucket/model.bin"] = (200, b"weights")
        mlflow.model("fraud")
        mlflow.version("fraud", 1, {"model.bin": b"weights"})
        mlflow.answers["/mlflow-artifacts/artifacts/0/1-fraud/model.bin"] = (501, b'{"error_code": "NOT_IMPLEMENTED"}')
        signed = {"url": f"{store.url}/bucket/model.bin?signature=s", "headers": {"x-signed": "1"}, "file_size": 7}
        mlflow.answers["/mlflow-artifacts/presigned/0/1-fraud/model.bin"] = (200, json.dumps(signed).encode())
        assert outcomes(bring("Bearer t0ken"), "version") == {"fraud/1": "imported"}
        (request,) = store.requests
        assert (request.headers.get("authorization"), request.headers["x-signed"]) == (None, "1")


@pytest.mark.parametrize("name", ["..", ".", "..\\outside"])
def test_a_listing_cannot_write_outside(mlflow: MlflowStub, bring: Import, name: str) -> None:
    mlflow.model("fraud")
    mlflow.version("fraud", 1, {"model.bin": b"w"})
    listing = {"files": [{"path": f"a/{name}", "is_dir": False, "file_size": 1}]}
    mlflow.answers["/mlflow-artifacts/artifacts"] = (200, json.dumps(listing).encode())
    (reason,) = reasons(bring()).values()
    assert "not a plain relative path" in reason


def test_a_file_of_another_size_than_listed_is_not_taken(mlflow: MlflowStub, bring: Import, client: Client) -> None:
    mlflow.model("fraud")
    mlflow.version("fraud", 1, {"model.bin": b"weights"})
    mlflow.version("fraud", 2, {"model.bin": b"others"})
    mlflow.answers["/1-fraud/model.bin"] = (200, b"weig")
    assert reasons(bring()) == {"version 1": "model.bin: received 4 bytes, but the server lists 7"}
    assert client.models.get("fraud").versions == 1


def test_a_version_whose_files_are_gone_is_told(mlflow: MlflowStub, bring: Import) -> None:
    mlflow.model("fraud")
    mlflow.version("fraud", 1)
    mlflow.version("fraud", 2, {"model.bin": b"w"})
    mlflow.answers["/2-fraud/model.bin"] = (500, b'{"error_code": "INTERNAL_ERROR", "message": "no such file"}')
    assert reasons(bring()) == {
        "version 1": "the server lists no files for it: they were deleted or never logged",
        "version 2": "model.bin: MLflow answered: no such file",
    }


def test_an_answer_that_is_late_is_asked_for_again(mlflow: MlflowStub, bring: Import, waits: list[float]) -> None:
    mlflow.answers["/registered-models/search"] = (503, b"busy")
    with pytest.raises(ServerError, match="MLflow answered"):
        bring()
    assert len(waits) == 1


def test_a_version_that_mlflow_has_not_finished_is_left_out(mlflow: MlflowStub, bring: Import) -> None:
    mlflow.model("fraud")
    mlflow.version("fraud", 1, status="PENDING_REGISTRATION")
    assert reasons(bring()) == {"version 1": "its status in MLflow is PENDING_REGISTRATION, not READY"}


def test_prompts_come_as_their_tags(mlflow: MlflowStub, bring: Import, client: Client) -> None:
    mlflow.model("greet", tags={PROMPT: "true"})
    text = {PROMPT: "true", "mlflow.prompt.text": "Hello {{name}}"}
    mlflow.version("greet", 1, tags=text, uri="dummy-source")
    mlflow.version("greet", 2, tags={**text, "mlflow.prompt.text": "x" * 50_001}, uri="dummy-source")
    left_out = reasons(bring())
    assert list(left_out) == ["version 2"]
    assert "too long" in left_out["version 2"]
    version = client.versions.get("greet", 1)
    assert (version.ready, version.tags["mlflow.prompt.text"], version.file_count) == (True, "Hello {{name}}", 0)


def test_tags_beyond_the_registrys_bounds_are_told(mlflow: MlflowStub, bring: Import, client: Client) -> None:
    mlflow.model("fraud", tags={"long": "x" * 50_001, "short": "y"})
    mlflow.version("fraud", 3, {"n": b"1"}, tags={f"t{number:02d}": "v" for number in range(60)})
    left_out = reasons(bring())
    assert left_out["tag long"] == "its value has more than 50000 characters"
    assert len([name for name in left_out if name.startswith("tag 3: t")]) == 12
    assert client.models.get("fraud").tags["short"] == "y"
    assert len(client.versions.get("fraud", 1).tags) == 50


def test_a_model_that_may_not_be_written_is_told_and_the_next_is_brought(
    mlflow: MlflowStub, bring: Import, client: Client, api: Line
) -> None:
    for name in ("bad%41name", "fraud"):
        mlflow.model(name)
        mlflow.version(name, 1, {"n": b"1"})
    entries = bring()
    assert "hexadecimal" in reasons(entries)["model bad%41name"]
    assert outcomes(entries, "version") == {"fraud/1": "imported"}


def test_credentials_are_those_of_mlflows_clients() -> None:
    user = {"MLFLOW_TRACKING_USERNAME": "ada", "MLFLOW_TRACKING_PASSWORD": "pw"}
    token = {"MLFLOW_TRACKING_TOKEN": "t0ken"}
    assert authorization({**user, **token}) == "Basic YWRhOnB3"
    assert authorization({**token, "MLFLOW_TRACKING_USERNAME": "ada"}) == "Bearer t0ken"
    assert authorization({}) is None


@pytest.mark.parametrize("url", ["mlflow.example", "ftp://mlflow.example", "https://", "https://u:p@mlflow.example"])
def test_what_is_no_address_of_a_server_is_refused(url: str) -> None:
    with pytest.raises(NotConfiguredError):
        MlflowSource(url)


def test_a_server_that_refuses_the_credentials_ends_the_run(mlflow: MlflowStub, bring: Import) -> None:
    mlflow.answers["/registered-models/search"] = (401, b"You are not authenticated.")
    with pytest.raises(UnauthenticatedError):
        bring()


@pytest.fixture
def run(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "t0ken")
    monkeypatch.delenv("MLFLOW_TRACKING_USERNAME", raising=False)

    def invoke(*arguments: str, code: int = 0) -> Result:
        result = CliRunner().invoke(main, ["import", "mlflow", *arguments], obj=connect)
        assert result.exit_code == code, result.output
        return result

    return invoke


def test_the_command_ends_with_a_summary_and_what_was_left_out(mlflow: MlflowStub, run: Callable[..., Result]) -> None:
    mlflow.model("fraud")
    mlflow.version("fraud", 1, FILES)
    result = run(mlflow.url)
    assert "fraud version 1: imported as version 1 (4 files, 714 bytes)" in result.stderr.replace("\n", " ")
    assert "not imported" not in result.stdout
    mlflow.version("fraud", 2, uri="s3://bucket/a")
    assert "fraud version 2: left out" in run(mlflow.url, code=exits.OTHER).stdout
    assert "fraud version 2: left out" in run(mlflow.url, "--dry-run").stdout
    assert {request.headers["authorization"] for request in mlflow.requests} == {"Bearer t0ken"}


def test_on_a_terminal_each_transfer_has_a_bar_that_goes_when_it_is_over() -> None:
    screen = Console(file=io.StringIO(), force_terminal=True, width=100)
    with passing_bars(screen) as progress:
        progress.started("fetch", 2, 10)
        progress.advanced(10)
        progress.finished("fetch")
        assert isinstance(progress, Passing)
        assert progress.actions == []
        progress.started("upload", 1, 5)
        assert progress.actions == ["upload 1 file"]
    with passing_bars(Console(file=io.StringIO())) as unseen:
        assert isinstance(unseen, Silent)


def test_the_commands_answer_can_be_one_json_document(mlflow: MlflowStub, run: Callable[..., Result]) -> None:
    mlflow.model("fraud")
    mlflow.version("fraud", 1, FILES)
    document = json.loads(run(mlflow.url, "--json").stdout)
    assert document["summary"] == {"model": {"imported": 1}, "version": {"imported": 1}}
    assert document["entries"][1]["files"] == 4
    assert "no such models" in run(mlflow.url, "--prefix", "nothing").stdout


def test_a_server_that_is_not_mlflow_is_told(mlflow: MlflowStub, run: Callable[..., Result]) -> None:
    mlflow.answers["/registered-models/search"] = (200, b"<html>")
    assert "is it an MLflow server?" in run(mlflow.url, code=exits.OTHER).stderr
