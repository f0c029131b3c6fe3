"""What the command line says about typical mistakes, exactly, in a terminal of 80 columns and as JSON.

``MOORAGE_WRITE_MISTAKES=1 pytest tests/client/cli/test_mistakes.py`` writes the files anew. Read what changed.
"""

import json
import os
import re
import shlex
from pathlib import Path

import pytest
from moorage import Client, RetryPolicy

from chalicelib.aws.services import Services
from tests.client.cli.mistakes import MISTAKES, Mistake, Scene, fraud
from tests.client.cli.terminal import Shown, run_in_terminal
from tests.client.lines import Line
from tests.conftest import ADMIN_TOKEN

RECORDED = Path(__file__).parent / "mistakes"
WRITE = "MOORAGE_WRITE_MISTAKES"


@pytest.fixture
def scene(client: Client, api: Line, build: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    fraud(client, build)
    monkeypatch.chdir(tmp_path)
    build.rename(tmp_path / "model")
    return Scene(client, api, tmp_path, {"MOORAGE_TOKEN": ADMIN_TOKEN})


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_a_mistake_is_told_in_these_words(registry: Services, scene: Scene, storage: Line, mistake: Mistake) -> None:
    mistake.arrange(scene)
    as_text = told(mistake, scene, storage)
    as_json = told(mistake, scene, storage, "--json")
    document = json.loads(as_json.stderr.splitlines()[-1])
    assert document["exit_code"] == as_json.code == as_text.code != 0
    assert all(len(line) <= 80 or line.startswith("try: ") for line in as_text.stderr.splitlines())
    record = written(mistake, as_text, json.dumps(document, ensure_ascii=False, indent=2))
    file = RECORDED / f"{mistake.name}.txt"
    if os.environ.get(WRITE):
        file.write_text(record, encoding="utf-8")
    assert record == file.read_text(encoding="utf-8")


def test_every_record_is_of_a_mistake() -> None:
    assert {file.stem for file in RECORDED.iterdir()} == {mistake.name for mistake in MISTAKES}
    assert len(MISTAKES) >= 30


def told(mistake: Mistake, scene: Scene, storage: Line, *more: str) -> Shown:
    def connect(url: str | None, token: str | None) -> Client:
        policy = RetryPolicy(attempts=2, sleep=lambda _: None)
        return Client(url, token, retry=policy, transport=scene.api, storage_transport=storage)

    environment = {"MOORAGE_URL": mistake.url, **scene.environment, **mistake.environment}
    arguments = [*shlex.split(mistake.command)[1:], *more]
    return run_in_terminal(arguments, connect, typed=mistake.answer, environment=environment)


def written(mistake: Mistake, shown: Shown, document: str) -> str:
    """The record of a mistake. Ids and times that differ from run to run are replaced."""
    text = f"$ {mistake.command}\n{shown.stdout}{shown.stderr}exit code {shown.code}\n\n{document}\n"
    text = re.sub(r'(request id: |"request_id": ")[^"\n]+', r"\1…", text)
    # The time of the run, in the form of the one that it replaces.
    return re.sub(
        r"20[2-9]\d-\d\d-\d\d([T ])\d\d:\d\d(:\d\d\.\d+Z)?",
        lambda found: f"2026-11-23{found[1]}09:30" + (":00.000Z" if found[2] else ""),
        text,
    )
