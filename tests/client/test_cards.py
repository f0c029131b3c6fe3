"""Cards, comments and changes, with the SDK and on the command line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from moorage import Client, PreconditionFailedError
from moorage.cli import exits
from moorage.cli.main import main

from tests.client.conftest import Connect
from tests.client.test_card_document import TEMPLATE

Run = Callable[..., Result]


@pytest.fixture
def run(connect: Connect) -> Run:
    def invoke(*arguments: str | Path, code: int = 0) -> Result:
        result = CliRunner().invoke(main, [str(argument) for argument in arguments], obj=connect)
        assert result.exit_code == code, result.output
        return result

    return invoke


@pytest.fixture
def fraud(client: Client) -> str:
    return client.models.create("fraud", owner="ada", tags={"team": "a"}).name


def test_a_readme_goes_in_and_comes_out_the_same(run: Run, client: Client, fraud: str, tmp_path: Path) -> None:
    readme, again = tmp_path / "README.md", tmp_path / "again.md"
    readme.write_text(TEMPLATE, encoding="utf-8")
    assert "revision 1" in run("card", "import", fraud, readme).stdout
    run("card", "export", fraud, again)
    assert "Weak on merchants" in run("card", "show", fraud).stdout
    assert run("card", "export", fraud).stdout == again.read_text(encoding="utf-8")
    card = client.cards.get(fraud)
    assert "revision 1" in run("card", "import", fraud, again).stdout, "what was exported changes nothing"
    assert client.cards.get(fraud) == card
    assert card.fields["language"] == ["en", "no"]


def test_a_card_is_written_in_part_and_whole_and_its_revisions_stay(client: Client, fraud: str) -> None:
    assert client.cards.get(fraud).revision == 0
    first = client.cards.set(fraud, {"factors": "Age."}, {"license": "mit"})
    second = client.cards.update(fraud, {"metrics": "AUC."}, {"license": None}, if_match=first.etag)
    assert (second.sections, second.fields) == ({"factors": "Age.", "metrics": "AUC."}, {})
    with pytest.raises(PreconditionFailedError):
        client.cards.update(fraud, {"metrics": None}, if_match=first.etag)
    assert client.cards.get(fraud, revision=1).fields == {"license": "mit"}
    assert [one.changed for one in client.cards.revisions(fraud)] == [
        ("sections/metrics", "fields/license"),
        ("sections/factors", "fields/license"),
    ]


def test_a_card_is_edited_in_the_editor(run: Run, client: Client, fraud: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client.cards.set(fraud, {"factors": "Age."})
    monkeypatch.setattr(click, "edit", lambda text, extension: text.replace("Age", "Income"))
    assert "revision 2" in run("card", "edit", fraud).stdout
    assert client.cards.get(fraud).sections == {"factors": "Income."}
    monkeypatch.setattr(click, "edit", lambda text, extension: None)
    assert "stays at revision 2" in run("card", "edit", fraud).stdout


def test_people_comment_answer_edit_and_delete(run: Run, client: Client, fraud: str) -> None:
    asked = client.comments.add(fraud, "Why?")
    answer = client.comments.add(fraud, "Because.", reply_to=asked.id)
    assert client.comments.edit(fraud, answer.id, "Therefore.", if_match=answer.etag).edited_at
    assert f"edited {asked.id}" in run("comment", "edit", fraud, asked.id, "Why now?").stdout
    refused = run("comment", "add", fraud, "Approve?", "--request", "7", code=exits.NOT_FOUND).stderr
    assert "no transition request 7" in refused
    listed = run("comment", "list", fraud).stdout
    assert "Why now?" in listed and "Therefore." in listed and "Approve?" not in listed
    assert f"deleted {asked.id}" in run("comment", "delete", fraud, asked.id, "--yes").stdout
    assert "(deleted)" in run("comment", "list", fraud).stdout
    assert client.comments.get(fraud, asked.id).text == ""
    assert "comment list" in run("comment", "delete", fraud, "m-999", "--yes", code=exits.NOT_FOUND).stderr


def test_changes_say_what_became_of_a_field(run: Run, client: Client, fraud: str) -> None:
    client.models.update(fraud, owner="ben", tags={"team": "b"})
    owners = list(client.changes.list(fraud, field="owner"))
    assert [(one.before, one.after) for one in owners] == [("ada", "ben"), (None, "ada")]
    table = run("changes", fraud, "--field", "tags").stdout
    assert "tags/team" in table and "owner" not in table
    assert list(client.changes.list(fraud, version=3)) == []


def test_every_answer_can_be_one_json_document(run: Run, fraud: str, tmp_path: Path) -> None:
    def document(*arguments: str | Path) -> Any:
        return json.loads(run(*arguments, "--json").stdout)

    readme = tmp_path / "README.md"
    readme.write_text(TEMPLATE, encoding="utf-8")
    assert document("card", "import", fraud, readme)["revision"] == 1
    assert document("card", "show", fraud)["fields"]["license"] == "apache-2.0"
    assert document("card", "export", fraud)["revision"] == 1
    assert document("card", "export", fraud, tmp_path / "out.md")["revision"] == 1
    assert document("card", "history", fraud)[0]["revision"] == 1
    comment = document("comment", "add", fraud, "Why?")
    assert document("comment", "list", fraud)[0]["id"] == comment["id"]
    assert document("changes", fraud, "--field", "owner")[0]["after"] == "ada"
    assert document("comment", "delete", fraud, comment["id"], "--yes") == {"deleted": comment["id"]}
