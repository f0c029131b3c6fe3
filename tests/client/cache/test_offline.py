"""Offline, a client serves what the cache has, says its age, and calls nobody."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from moorage import Client, IntegrityError, NotConfiguredError, OfflineError, UnreachableError
from moorage.cache.location import cache_root, is_offline
from moorage.cache.quantities import age_text, parse_age
from moorage.decoding import format_time

from tests.client import lines
from tests.client.conftest import URL
from tests.client.lines import Line
from tests.client.trees import content

Offline = Callable[..., Client]


@pytest.fixture
def offline(api: Line, storage: Line) -> Offline:
    """Creates offline clients. They have lines, which nothing must be sent on."""

    def made(url: str = URL) -> Client:
        api.calm()
        storage.calm()
        return Client(url, offline=True, transport=api, storage_transport=storage)

    return made


@pytest.fixture
def seen(client: Client, build: Path) -> Path:
    """Version 1 of fraud is in the cache, as its champion."""
    client.register("fraud", build)
    client.aliases.set("fraud", "champion", 1)
    client.fetch("fraud", "@champion")
    client.fetch("fraud", "@latest")
    return build


def backdate(by: timedelta) -> None:
    """Have every record say that the registry was asked earlier."""
    moment = format_time(datetime.now(UTC) - by)
    for path in [*cache_root().rglob("record.json"), *(cache_root() / "aliases").rglob("*.json")]:
        path.write_text(json.dumps(json.loads(path.read_text()) | {"checked_at": moment}))


@pytest.mark.parametrize("version", [1, "@champion", "@latest"])
def test_a_version_that_was_fetched_is_served_without_a_call(
    version: int | str, offline: Offline, api: Line, storage: Line, seen: Path
) -> None:
    with offline() as client:
        served = client.fetch("fraud", version)
    assert content(served.path) == content(seen)
    assert (served.version, served.offline) == (1, True)
    assert not api.requests and not storage.requests


def test_its_age_is_in_the_result_and_logged(offline: Offline, seen: Path, caplog: pytest.LogCaptureFixture) -> None:
    backdate(timedelta(hours=2, minutes=5))
    with offline() as client:
        served = client.fetch("fraud", "@champion")
    assert timedelta(hours=2) < served.age < timedelta(hours=3)
    assert "fraud@champion was version 1, 2 hours ago" in caplog.text


def test_an_alias_is_where_it_was_seen_last(client: Client, offline: Offline, seen: Path) -> None:
    (seen / "model.bin").write_bytes(b"newer")
    client.register("fraud", seen)
    client.aliases.set("fraud", "champion", 2)
    with offline() as apart:
        assert apart.fetch("fraud", "@champion").version == 1
    client.fetch("fraud", "@champion")
    with offline() as apart:
        assert apart.fetch("fraud", "@champion").version == 2


def test_the_age_of_an_alias_is_when_the_alias_was_seen(client: Client, offline: Offline, seen: Path) -> None:
    backdate(timedelta(hours=2))
    client.fetch("fraud", 1)
    with offline() as apart:
        assert apart.fetch("fraud", 1).age < timedelta(hours=1)
        assert apart.fetch("fraud", "@champion").age > timedelta(hours=1)


def test_a_download_works_too_and_says_its_age(offline: Offline, seen: Path, tmp_path: Path) -> None:
    backdate(timedelta(days=3))
    with offline() as client:
        done = client.download("fraud", "@champion", tmp_path / "served")
    assert content(tmp_path / "served") == content(seen)
    assert done.age.days == 3


@pytest.mark.parametrize("version", [2, "@challenger"])
def test_what_is_not_in_the_cache_is_named(version: int | str, offline: Offline, seen: Path) -> None:
    with offline() as client, pytest.raises(OfflineError, match=r"fraud.*(2|challenger) is not in the cache"):
        client.fetch("fraud", version)


def test_a_version_of_which_only_some_files_were_downloaded_is_not_served(
    client: Client, offline: Offline, build: Path, tmp_path: Path
) -> None:
    client.register("fraud", build)
    client.download("fraud", 1, tmp_path / "part", paths=["data/classes.json"])
    with offline() as apart:
        with pytest.raises(OfflineError, match=r"model\.bin of fraud/1 is not in the cache"):
            apart.fetch("fraud", 1)
        apart.download("fraud", 1, tmp_path / "again", paths=["data/classes.json"])
    assert (tmp_path / "again" / "data" / "classes.json").exists()


def test_a_tampered_file_is_refused(offline: Offline, client: Client, seen: Path) -> None:
    file = client.fetch("fraud", 1).files["model.bin"]
    file.chmod(0o644)
    file.write_bytes(b"evil" * 1750)
    with offline() as apart, pytest.raises(IntegrityError, match=r"model\.bin of fraud/1 was changed in the cache"):
        apart.fetch("fraud", 1)


def test_a_tampered_record_is_refused(offline: Offline, seen: Path) -> None:
    (record,) = cache_root().rglob("record.json")
    record.write_text(record.read_text().replace('"model.bin"', '"other.bin"'))
    with offline() as client, pytest.raises(IntegrityError, match=r"record\.json is damaged"):
        client.fetch("fraud", 1)


def test_another_registry_s_version_is_not_served(offline: Offline, seen: Path) -> None:
    with offline("https://other.example") as client, pytest.raises(OfflineError):
        client.fetch("fraud", 1)


def test_every_other_call_is_refused(offline: Offline, api: Line, seen: Path, tmp_path: Path) -> None:
    with offline() as client:
        for call in (
            lambda: client.models.get("fraud"),
            lambda: client.register("fraud", seen),
            lambda: client.aliases.set("fraud", "champion", 1),
        ):
            with pytest.raises(OfflineError, match="the client is offline"):
                call()
    assert not api.requests


def test_an_offline_client_needs_no_token(seen: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOORAGE_OFFLINE", "1")
    monkeypatch.setenv("MOORAGE_URL", URL)
    with Client() as client:
        assert client.offline
        assert client.fetch("fraud", 1).version == 1
    with Client(URL, "token", offline=False) as client:
        assert not client.offline


def test_a_registry_that_does_not_answer_is_an_error_that_mentions_offline_mode(
    client: Client, api: Line, seen: Path
) -> None:
    api.disturb(lines.lose_request, times=9)
    with pytest.raises(UnreachableError) as unreachable:
        client.fetch("fraud", "@champion")
    (note,) = unreachable.value.__notes__
    assert "fraud@champion was version 1, 0 seconds ago" in note
    assert "MOORAGE_OFFLINE=1" in note


def test_nothing_is_mentioned_that_is_not_there(client: Client, api: Line) -> None:
    api.disturb(lines.lose_request, times=9)
    with pytest.raises(UnreachableError) as unreachable:
        client.fetch("fraud", "@champion")
    assert not hasattr(unreachable.value, "__notes__")


@pytest.mark.parametrize(("text", "expected"), [("1", True), ("yes", True), ("", False), ("0", False)])
def test_the_environment_chooses_offline_mode(text: str, expected: bool) -> None:
    assert is_offline({"MOORAGE_OFFLINE": text}) is expected


def test_a_choice_that_is_neither_yes_nor_no_is_refused() -> None:
    with pytest.raises(ValueError, match="MOORAGE_OFFLINE is 'maybe'"):
        is_offline({"MOORAGE_OFFLINE": "maybe"})


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"MOORAGE_CACHE": "/data/cache", "XDG_CACHE_HOME": "/x"}, Path("/data/cache")),
        ({"XDG_CACHE_HOME": "/x"}, Path("/x/moorage")),
        ({}, Path.home() / ".cache" / "moorage"),
    ],
)
def test_the_environment_chooses_the_cache(environment: dict[str, str], expected: Path) -> None:
    assert cache_root(environment) == expected


def test_a_user_without_a_home_is_told_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", unknown)
    with pytest.raises(NotConfiguredError, match="set MOORAGE_CACHE"):
        cache_root({})


@pytest.mark.parametrize(
    ("age", "text"),
    [
        (timedelta(0), "0 seconds"),
        (timedelta(seconds=-5), "0 seconds"),
        (timedelta(minutes=1, seconds=59), "1 minute"),
        (timedelta(hours=2, minutes=59), "2 hours"),
        (timedelta(days=40), "40 days"),
    ],
)
def test_an_age_is_told_in_its_largest_unit(age: timedelta, text: str) -> None:
    assert age_text(age) == text


def test_an_age_is_read() -> None:
    assert [parse_age(text) for text in ("30d", "12h", "2w")] == [
        timedelta(days=30),
        timedelta(hours=12),
        timedelta(days=14),
    ]
    with pytest.raises(ValueError, match="'soon' is not an age"):
        parse_age("soon")
