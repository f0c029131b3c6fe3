"""The active run of MLflow or Weights & Biases."""

import sys
from types import ModuleType, SimpleNamespace

import pytest
from moorage.capture.run import active_run


@pytest.fixture(autouse=True)
def no_tracker(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("mlflow", "wandb"):
        monkeypatch.delitem(sys.modules, name, raising=False)


def tracker(monkeypatch: pytest.MonkeyPatch, name: str, **content: object) -> None:
    """Let the process have imported a tracker that answers like ``name``."""
    module = ModuleType(name)
    module.__dict__.update(content)
    monkeypatch.setitem(sys.modules, name, module)


def mlflow(monkeypatch: pytest.MonkeyPatch, server: str) -> None:
    run = SimpleNamespace(info=SimpleNamespace(run_id="9f2c", experiment_id="7"))
    tracker(monkeypatch, "mlflow", active_run=lambda: run, get_tracking_uri=lambda: server)


def test_a_process_without_trackers_has_no_run_and_imports_none() -> None:
    assert active_run() is None
    assert "mlflow" not in sys.modules and "wandb" not in sys.modules


def test_the_run_of_mlflow_has_its_page_without_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    mlflow(monkeypatch, "https://ada:secret@mlflow.example.com/")
    assert active_run() == {"id": "9f2c", "url": "https://mlflow.example.com/#/experiments/7/runs/9f2c"}


def test_a_run_in_a_file_has_no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    mlflow(monkeypatch, "sqlite:///mlflow.db")
    assert active_run() == {"id": "9f2c"}


@pytest.mark.parametrize(
    ("url", "run"),
    [("https://wandb.example/x/runs/k2", {"id": "k2", "url": "https://wandb.example/x/runs/k2"}), (None, {"id": "k2"})],
)
def test_the_run_of_weights_and_biases(monkeypatch: pytest.MonkeyPatch, url: str | None, run: dict[str, str]) -> None:
    tracker(monkeypatch, "wandb", run=SimpleNamespace(id="k2", url=url))
    assert active_run() == run


def test_a_tracker_without_an_active_run_leaves_it_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    tracker(monkeypatch, "mlflow", active_run=lambda: None)
    assert active_run() is None
    tracker(monkeypatch, "wandb", run=SimpleNamespace(id="k2", url=None))
    assert active_run() == {"id": "k2"}
    tracker(monkeypatch, "wandb", run=None)
    assert active_run() is None
