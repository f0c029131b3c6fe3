"""An alias that was edited in the table is refused, not served. That every write seals is checked in ``derived.py``."""

import json
from typing import Any

import pytest

from chalicelib.aws import keys
from chalicelib.aws.names import SERVE_UNSEALED, UNSEALED_ALIASES_VARIABLE
from chalicelib.aws.services import Services, reset_services, services
from chalicelib.aws.table import Item
from chalicelib.domain.errors import RecordEditedError
from chalicelib.registry.aliases import aliases
from chalicelib.registry.versions import latest, versions
from chalicelib.registry.versions.downloads import download_file, download_manifest
from tests.api.gateway import Caller
from tests.conftest import ADMIN_TOKEN
from tests.registry.build import MODEL, model, ready_with, request
from tests.registry.faults import Calls

KEY = keys.alias(MODEL, "champion")


@pytest.fixture(autouse=True)
def champion(registry: Services) -> None:
    """Version 1 is the champion, and version 2 is not."""
    model(registry, MODEL)
    ready_with(registry, ("model.bin", b"good"))
    ready_with(registry, ("model.bin", b"bad"))
    aliases.set_alias(registry, request(), MODEL, "champion", 1, None, None)


def edit(registry: Services, **changed: Any) -> None:
    """Write to the table as somebody with rights on it could. ``None`` removes an attribute."""
    stored = registry.table.get(KEY)
    assert stored is not None
    registry.table.put({name: value for name, value in {**stored, **changed}.items() if value is not None})


def reads(registry: Services) -> list[Any]:
    """Everything that is served by the alias."""
    return [
        lambda: download_file(registry, MODEL, "@champion", "model.bin"),
        lambda: download_manifest(registry, MODEL, "@champion", 10, None),
        lambda: versions.get_version(registry, MODEL, "@champion"),
        lambda: versions.resolve(registry, MODEL, "@champion"),
        lambda: latest.aliased_and_model(registry, MODEL, "champion"),
        lambda: aliases.get_alias(registry, MODEL, "champion"),
        lambda: aliases.list_aliases(registry, MODEL),
    ]


def of_version_2(registry: Services) -> Item:
    aliases.set_alias(registry, request(), MODEL, "other", 2, None, None)
    stored = registry.table.get(keys.alias(MODEL, "other"))
    assert stored is not None
    return stored


def test_an_untouched_alias_is_served(registry: Services) -> None:
    for read in reads(registry):
        read()


@pytest.mark.parametrize("attribute", ["number", "uid", "digest", "files", "alias_by", "seal"])
def test_an_edited_alias_is_refused_and_the_log_names_it(
    registry: Services, capsys: pytest.CaptureFixture[str], attribute: str
) -> None:
    """Each attribute alone is that of another alias, which the registry wrote and sealed."""
    edit(registry, **{attribute: of_version_2(registry)[attribute] if attribute != "alias_by" else "token:eve"})
    for read in reads(registry):
        with pytest.raises(RecordEditedError, match="champion"):
            read()
    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (line["log"], line["model"], line["alias"]) == ("record_refused", MODEL, "champion")


def test_an_alias_replaced_by_another_sealed_one_is_refused(registry: Services) -> None:
    other = {name: value for name, value in of_version_2(registry).items() if name not in ("PK", "SK")}
    edit(registry, **other)
    with pytest.raises(RecordEditedError):
        download_file(registry, MODEL, "@champion", "model.bin")


def test_taking_the_seal_off_does_not_help(registry: Services) -> None:
    edit(registry, number=2, seal=None)
    for read in reads(registry):
        with pytest.raises(RecordEditedError, match="it has no seal"):
            read()


def test_the_api_answers_with_a_stable_code(registry: Services) -> None:
    edit(registry, number=2)
    reply = Caller(ADMIN_TOKEN).get(f"/v1/models/{MODEL}/versions/@champion/artifacts")
    assert (reply.status, reply.document["code"]) == (500, "record_edited")


def test_a_version_edited_after_it_was_aliased_is_refused_by_that_alias(registry: Services) -> None:
    key = keys.version(MODEL, 1)
    stored = registry.table.get(key)
    assert stored is not None
    registry.table.put({**stored, "body": str(stored["body"]).replace('"digest":"', '"digest":"0')})
    with pytest.raises(RecordEditedError):
        versions.get_version(registry, MODEL, "@champion")


def test_an_edited_alias_can_be_pointed_anew_or_deleted(registry: Services) -> None:
    edit(registry, number=2)
    aliases.set_alias(registry, request(), MODEL, "champion", 2, None, None)
    assert download_file(registry, MODEL, "@champion", "model.bin").number == 2
    edit(registry, number=1)
    aliases.delete_alias(registry, request(), MODEL, "champion")
    assert registry.table.get(KEY) is None


def test_pointing_an_edited_alias_where_it_should_point_says_that_it_was_edited(registry: Services) -> None:
    edit(registry, number=2)
    with pytest.raises(RecordEditedError):
        aliases.set_alias(registry, request(), MODEL, "champion", 1, None, None)


def test_a_read_by_alias_makes_no_call_for_the_key_once_the_process_knows_it(registry: Services) -> None:
    calls = Calls(registry.client("secretsmanager"))
    registry.monotonic = lambda: 10.0**9
    download_file(registry, MODEL, "@champion", "model.bin")
    assert calls.operations == []


def test_seals_of_a_changed_signing_secret_are_recognised_by_a_running_process(registry: Services) -> None:
    assert download_file(registry, MODEL, "@champion", "model.bin").number == 1
    registry.client("secretsmanager").put_secret_value(SecretId=registry.settings.signing_secret, SecretString="t" * 64)
    reset_services()
    # Another process, which knows the new secret only, points the alias.
    aliases.set_alias(services(), request(), MODEL, "champion", 2, None, None)
    registry.monotonic = lambda: 10.0**9
    assert download_file(registry, MODEL, "@champion", "model.bin").number == 2


def test_unsealed_aliases_are_served_only_if_the_operator_says_so(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(registry, seal=None)
    monkeypatch.setenv(UNSEALED_ALIASES_VARIABLE, SERVE_UNSEALED)
    reset_services()
    assert download_file(services(), MODEL, "@champion", "model.bin").number == 1
    # A seal that does not fit is refused all the same.
    edit(services(), seal="0" * 64)
    with pytest.raises(RecordEditedError):
        download_file(services(), MODEL, "@champion", "model.bin")
