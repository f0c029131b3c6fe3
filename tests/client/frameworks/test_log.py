"""``Client.log`` and ``Client.load`` with functions and plain objects, which need no framework."""

import json
import logging
import subprocess
import sys
import tempfile
from pathlib import Path
from types import ModuleType, SimpleNamespace

import httpx
import pytest
from moorage import (
    Capture,
    Client,
    IncompatibleModelError,
    IntegrityError,
    InvalidRequestError,
    MissingLibraryError,
    UnsupportedModelError,
    UntrustedModelError,
)

from tests.client.frameworks.objects import of_class
from tests.client.lines import Line, refusal, tampered

RATE = 0.19


def gross(net: float, digits: int = 2) -> float:
    return round(net * (1 + RATE), digits)


def unannotated(net):
    return net


class Threshold:
    """A model of no framework."""

    def __init__(self, at: float) -> None:
        self.at = at

    def predict(self, rows: list[float]) -> list[bool]:
        return [row > self.at for row in rows]


class Notifier:
    """An object that does something when it is called."""

    called = False

    def __call__(self, rows: list[float]) -> list[float]:
        Notifier.called = True
        return rows


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary directories are made."""
    directory = tmp_path / "temporary"
    directory.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(directory))
    return directory


def files_of(client: Client, number: int) -> list[str]:
    return [file.path for file in client.versions.files("fraud", number)]


def test_one_statement_registers_a_function_and_one_loads_it(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    version = client.log(gross, "fraud", metrics={"mae": 0.25}, label="1.0.0")
    # The function needs nothing of this module where it is loaded.
    assert caplog.text == ""
    assert version.ready and version.metrics == {"mae": 0.25} and version.label == "1.0.0"
    assert files_of(client, 1) == ["function.py", "moorage.json"]
    client.aliases.set("fraud", "champion", 1)
    for reference in ("fraud@champion", "fraud/1", "fraud@latest"):
        assert client.load(reference, allow=["source:fraud/1"])(100.0) == 119.0


@pytest.fixture
def commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The commit of a git repository that is the working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    for arguments in (
        ["init", "-q"],
        ["remote", "add", "origin", "https://ci:secret@example.com/acme/fraud.git"],
        ["config", "user.name", "Ada"],
        ["config", "user.email", "ada@example.com"],
        ["commit", "-q", "--allow-empty", "-m", "first"],
    ):
        subprocess.run(["git", *arguments], check=True)
    asked = subprocess.run(["git", "rev-parse", "HEAD"], check=True, capture_output=True, text=True)
    return asked.stdout.strip()


def test_what_was_made_where_is_captured(client: Client, commit: str) -> None:
    version = client.log(gross, "fraud")
    assert version.provenance == {
        "source": {"repository": "https://example.com/acme/fraud.git", "commit": commit},
        "author": "Ada <ada@example.com>",
        "runtime": {"python": sys.version.split()[0]},
    }
    assert version.metadata["captured"]["git_dirty"] is False and version.metadata["captured"]["platform"]
    assert version.framework == {"name": "python", "version": sys.version.split()[0]}
    assert version.signature == {
        "inputs": [
            {"name": "net", "type": "double", "required": True},
            {"name": "digits", "type": "long", "required": False},
        ],
        "outputs": [{"type": "double"}],
    }


def test_nothing_is_captured_when_all_is_switched_off(client: Client) -> None:
    version = client.log(gross, "fraud", capture=Capture.nothing())
    assert (version.provenance, version.metadata, version.signature) == ({}, {}, None)
    assert files_of(client, 1) == ["function.py", "moorage.json"]


@pytest.mark.parametrize("name", ["python", "requirements", "git", "author", "signature"])
def test_each_capture_can_be_switched_off(client: Client, commit: str, name: str) -> None:
    model = {"threshold": Threshold(0.5), "with": httpx.Timeout(1)}
    captured = {
        "python": lambda one: one.provenance["runtime"].get("python") or one.metadata["captured"].get("platform"),
        "requirements": lambda one: one.provenance["runtime"].get("requirements"),
        "git": lambda one: one.provenance.get("source"),
        "author": lambda one: one.provenance.get("author"),
        "signature": lambda one: one.signature,
    }[name]
    given = gross if name == "signature" else model
    wanted = None if name == "signature" else "pickle"
    assert captured(client.log(given, "fraud", format=wanted))
    assert not captured(client.log(given, "fraud", format=wanted, capture=Capture(**{name: False})))


def test_the_requirements_are_those_of_what_the_model_consists_of(client: Client) -> None:
    version = client.log({"timeout": httpx.Timeout(1)}, "fraud", format="pickle")
    assert version.provenance is not None
    assert version.provenance["runtime"]["requirements"] == [f"httpx=={httpx.__version__}"]


def test_what_is_given_wins_over_what_is_captured(client: Client) -> None:
    version = client.log(
        gross,
        "fraud",
        provenance={"author": "Grace", "runtime": {"python": "3.9"}},
        framework={"name": "rules"},
        signature={"inputs": [{"name": "net"}]},
        metadata={"team": "risk"},
    )
    assert version.provenance is not None
    assert version.provenance["author"] == "Grace" and version.provenance["runtime"] == {"python": "3.9"}
    assert version.framework == {"name": "rules"} and version.signature == {"inputs": [{"name": "net"}]}
    assert version.metadata["team"] == "risk" and "captured" in version.metadata


def test_a_pickle_is_marked_and_refused_without_permission(client: Client) -> None:
    version = client.log(Threshold(0.5), "fraud", format="pickle", tags={"team": "risk"})
    assert version.tags == {"team": "risk", "runs_code": "pickle"}
    for allow in ([], ["pickle:churn"], ["pickle:fraud/2"], ["source:fraud/1"]):
        with pytest.raises(UntrustedModelError, match=r"fraud/1 is a pickle.*allow=\['pickle:fraud/1'\]"):
            client.load("fraud/1", allow=allow)
    assert client.load("fraud/1", allow=["pickle:fraud"]).predict([0.4, 0.6]) == [False, True]


def test_a_function_is_code_and_refused_without_permission(client: Client) -> None:
    assert client.log(gross, "fraud").tags == {"runs_code": "source"}
    with pytest.raises(UntrustedModelError, match="fraud/1 is the source of a function"):
        client.load("fraud/1")


def test_nothing_is_pickled_unless_asked(client: Client, api: Line) -> None:
    with pytest.raises(UnsupportedModelError, match=r"nothing saves a .*Threshold safely"):
        client.log(Threshold(0.5), "fraud")
    assert api.requests == []


def test_a_function_without_annotations_is_refused_unless_the_signature_is_given(client: Client) -> None:
    with pytest.raises(UnsupportedModelError, match="declare its signature: the parameter 'net' has no type"):
        client.log(unannotated, "fraud")
    assert client.log(unannotated, "fraud", signature={"inputs": [{"name": "net"}]}).ready


def test_an_example_gives_the_signature_and_is_stored_only_on_request(client: Client) -> None:
    rows = [0.1, 0.9] * 20
    first = client.log(Threshold(0.5), "fraud", format="pickle", example=rows)
    assert first.signature == {"inputs": [{"type": "double"}], "outputs": [{"type": "boolean"}]}
    assert "example.json" not in files_of(client, 1)
    client.log(Threshold(0.5), "fraud", format="pickle", example=rows, capture=Capture(example=True))
    with tempfile.TemporaryDirectory() as directory:
        client.download("fraud", 2, directory)
        assert json.loads(Path(directory, "example.json").read_text()) == rows[:10]


def test_an_example_that_the_model_cannot_predict_costs_only_the_outputs(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    version = client.log(Threshold(0.5), "fraud", format="pickle", example=["a", "b"])
    assert version.signature == {"inputs": [{"type": "string"}]}
    assert "the signature has no outputs" in caplog.text


@pytest.mark.parametrize("example", [[object()], SimpleNamespace(columns=["a"], dtypes=[])])
def test_an_example_of_an_unknown_kind_costs_only_the_signature(
    client: Client, caplog: pytest.LogCaptureFixture, example: object
) -> None:
    assert client.log(Threshold(0.5), "fraud", format="pickle", example=example).signature is None
    assert "the version has no signature" in caplog.text


def test_what_does_not_fit_the_registry_is_left_out_with_a_warning(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    columns = {f"column {number:05}": [1.0] for number in range(2000)}
    version = client.log(Threshold(0.5), "fraud", format="pickle", example=columns)
    assert version.ready and version.signature is None
    assert "signature is left out of the version" in caplog.text


@pytest.mark.parametrize("name", ["sklearn.base.BaseEstimator", "torch.nn.Module"])
def test_a_missing_library_is_named_with_what_to_install(
    client: Client, api: Line, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for library in ("skops", "safetensors"):
        monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingLibraryError, match=r"is not installed: pip install 'moorage\[(scikit-learn|pytorch)\]'"):
        client.log(of_class(name), "fraud")
    assert api.requests == []


def test_a_module_that_is_missing_where_the_model_is_loaded_is_named(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.log(httpx.Timeout(1), "fraud", format="pickle")
    monkeypatch.setitem(sys.modules, "httpx", None)
    with pytest.raises(MissingLibraryError, match=r"fraud/1 needs the module httpx.*saved with httpx=="):
        client.load("fraud/1", allow=["pickle:fraud"])


def test_a_tampered_file_is_never_loaded(client: Client, storage: Line) -> None:
    client.log(Threshold(0.5), "fraud", format="pickle")
    storage.disturb(tampered, lambda request: request.method == "GET", times=100)
    with pytest.raises(IntegrityError):
        client.load("fraud/1", allow=["pickle:fraud"])


def test_the_descriptor_of_a_logged_model_cannot_smuggle_a_pickle_past_the_question(
    client: Client, temporary: Path
) -> None:
    client.log(Threshold(0.5), "fraud", format="pickle")
    client.download("fraud", 1, temporary / "copy")
    descriptor = temporary / "copy" / "moorage.json"
    descriptor.write_text(descriptor.read_text().replace('"format": "pickle"', '"format": "skops"'))
    client.register("fraud", temporary / "copy")
    with pytest.raises(IncompatibleModelError, match="fraud/2 has the format 'skops'"):
        client.load("fraud/2")


def test_a_version_that_was_registered_from_files_is_not_loaded(client: Client, build: Path) -> None:
    client.register("fraud", build)
    with pytest.raises(IncompatibleModelError, match=r"fraud/1 has no moorage\.json"):
        client.load("fraud/1")


def test_a_version_that_lacks_its_model_is_not_loaded(client: Client, temporary: Path) -> None:
    client.log(gross, "fraud")
    client.download("fraud", 1, temporary / "copy", paths=["moorage.json"])
    client.register("fraud", temporary / "copy")
    with pytest.raises(IncompatibleModelError, match=r"fraud/2 has no function\.py"):
        client.load("fraud/2", allow=["source:fraud"])


def test_weights_go_into_something_only_for_frameworks_that_have_weights(client: Client) -> None:
    client.log(gross, "fraud")
    with pytest.raises(ValueError, match="into= is for models of pytorch and transformers"):
        client.load("fraud/1", allow=["source:fraud"], into=Threshold)


@pytest.mark.parametrize("reference", ["fraud", "", "fraud/x"])
def test_a_reference_that_names_no_version_is_refused(client: Client, reference: str) -> None:
    with pytest.raises(ValueError):
        client.load(reference)


def test_a_tracker_that_fails_costs_only_the_run(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken = ModuleType("mlflow")
    monkeypatch.setitem(sys.modules, "mlflow", broken)
    version = client.log(gross, "fraud")
    assert version.ready and version.provenance is not None and "run" not in version.provenance
    assert "the version's run cannot be captured" in caplog.text


def test_the_run_of_a_tracker_is_recorded(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    tracker = ModuleType("wandb")
    tracker.__dict__["run"] = SimpleNamespace(id="k2", url="https://wandb.example/k2")
    monkeypatch.setitem(sys.modules, "wandb", tracker)
    version = client.log(gross, "fraud")
    assert version.provenance is not None
    assert version.provenance["run"] == {"id": "k2", "url": "https://wandb.example/k2"}
    version = client.log(gross, "fraud", capture=Capture(run=False))
    assert version.provenance is not None and "run" not in version.provenance


def test_nothing_is_left_behind(client: Client, storage: Line, temporary: Path) -> None:
    client.log(gross, "fraud")
    client.load("fraud/1", allow=["source:fraud"])
    with pytest.raises(UntrustedModelError):
        client.load("fraud/1")
    with pytest.raises(InvalidRequestError) as refused:
        client.log(gross, "fraud", label="not a version")
    assert not hasattr(refused.value, "__notes__")
    storage.disturb(lambda request, forward: refusal(400, "BadDigest"), times=100)
    with pytest.raises(IntegrityError):
        client.log(gross, "fraud")
    assert list(temporary.iterdir()) == []


def test_a_version_that_was_cut_off_is_to_be_logged_again_and_not_resumed(client: Client, storage: Line) -> None:
    storage.disturb(lambda request, forward: refusal(400, "BadDigest"), times=100)
    with pytest.raises(IntegrityError) as broken:
        client.log(gross, "fraud")
    assert broken.value.__notes__ == [
        "fraud/1 is not finished, and log has removed the files that it saved: call log again"
    ]


def test_a_loaded_function_can_be_logged_again(client: Client) -> None:
    client.log(gross, "fraud")
    loaded = client.load("fraud/1", allow=["source:fraud"])
    version = client.log(loaded, "fraud")
    assert version.signature is not None and version.signature["outputs"] == [{"type": "double"}]
    assert client.load("fraud@latest", allow=["source:fraud/2"])(100.0) == 119.0


def test_a_module_that_no_package_has_is_named_in_a_warning(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "moorage"):
        client.log(Threshold(0.5), "fraud", format="pickle")
    assert f"no installed package has {__name__}" in caplog.text


def test_only_a_predict_is_called_with_the_example(client: Client) -> None:
    version = client.log(Notifier(), "fraud", format="pickle", example=[1.0])
    assert version.signature == {"inputs": [{"type": "double"}]}
    assert not Notifier.called


def test_logging_a_function_never_calls_it(client: Client) -> None:
    version = client.log(unannotated, "fraud", format="pickle", example=[1.0, None])
    assert version.signature == {"inputs": [{"type": "double"}]}
