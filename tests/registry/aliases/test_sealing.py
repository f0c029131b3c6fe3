"""The backfill seals what the model's own records confirm, and nothing else."""

from typing import Any

import pytest

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.domain.errors import RecordEditedError
from chalicelib.registry.aliases import aliases
from chalicelib.registry.aliases.sealing import Sealed, seal_aliases
from chalicelib.registry.versions.downloads import download_file
from tests.golden.release import load, releases
from tests.registry import derived
from tests.registry.build import MODEL, model, ready_with, request
from tests.registry.faults import Meanwhile
from tools import backfill

KEY = keys.alias(MODEL, "champion")


@pytest.fixture(autouse=True)
def champion(registry: Services) -> None:
    """Version 1 is the champion, and version 2 is not."""
    model(registry, MODEL)
    ready_with(registry, ("model.bin", b"good"))
    ready_with(registry, ("model.bin", b"bad"))
    aliases.set_alias(registry, request(), MODEL, "champion", 1, None, None)


def edit(registry: Services, **changed: Any) -> None:
    stored = registry.table.get(KEY)
    assert stored is not None
    registry.table.put({name: value for name, value in {**stored, **changed}.items() if value is not None})


def test_an_unsealed_alias_that_the_records_confirm_is_served_afterwards(registry: Services) -> None:
    edit(registry, seal=None)
    assert seal_aliases(registry, MODEL, broken=False) == Sealed(1)
    assert download_file(registry, MODEL, "@champion", "model.bin").number == 1
    assert seal_aliases(registry, MODEL, broken=False) == Sealed()
    derived.check(registry)


@pytest.mark.parametrize("edited", [{"number": 2}, {"digest": "0" * 64}, {"uid": "another"}], ids=str)
def test_an_unsealed_alias_that_was_edited_stays_refused_and_is_named(
    registry: Services, edited: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    edit(registry, seal=None, **edited)
    secret = registry.settings.signing_secret
    assert backfill.main(["--table", registry.table.name, "--signing-secret", secret]) == 1
    assert f"not sealed: the alias 'champion' of {MODEL!r}" in capsys.readouterr().out
    with pytest.raises(RecordEditedError):
        download_file(registry, MODEL, "@champion", "model.bin")


def test_an_alias_of_an_edited_manifest_is_not_sealed(registry: Services) -> None:
    key = keys.manifest(MODEL, 1)
    manifest = registry.table.get(key)
    assert manifest is not None
    registry.table.put({**manifest, "files": str(manifest["files"]).replace("model.bin", "other.bin")})
    edit(registry, seal=None)
    assert seal_aliases(registry, MODEL, broken=False) == Sealed(0, ("champion",))


def test_a_broken_seal_is_renewed_only_if_asked_for(registry: Services) -> None:
    edit(registry, seal="0" * 64)
    assert seal_aliases(registry, MODEL, broken=False) == Sealed()
    assert seal_aliases(registry, MODEL, broken=True) == Sealed(1)
    assert download_file(registry, MODEL, "@champion", "model.bin").number == 1


def test_an_alias_that_moves_meanwhile_keeps_where_it_moved(registry: Services) -> None:
    edit(registry, seal=None)
    with Meanwhile(registry, lambda: aliases.set_alias(registry, request(), MODEL, "champion", 2, None, None)):
        assert seal_aliases(registry, MODEL, broken=False) == Sealed()
    assert download_file(registry, MODEL, "@champion", "model.bin").number == 2


@pytest.mark.parametrize("release", releases(), ids=lambda release: release.name)
def test_aliases_of_every_earlier_release_can_be_sealed(registry: Services, release: Any) -> None:
    load(registry, release)
    secret = registry.settings.signing_secret
    assert backfill.main(["--table", registry.table.name, "--signing-secret", secret]) == 0
    for item in derived.table(registry):
        if str(item["SK"]).startswith(keys.ALIAS_PREFIX):
            assert aliases.get_alias(registry, keys.model_of(keys.Key(str(item["PK"]), "")), str(item["alias"]))
