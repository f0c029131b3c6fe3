"""The commit and the author that git knows."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from moorage.capture import author, git
from moorage.capture.git import Commit, current_commit, without_secrets

Git = Callable[..., str]


@pytest.fixture(autouse=True)
def own_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    """Git without the configuration of the person who runs the tests."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    directory = tmp_path / "fraud"
    directory.mkdir()
    run(directory, "init", "-q")
    run(directory, "config", "user.name", "Ada")
    run(directory, "config", "user.email", "ada@example.com")
    (directory / "train.py").write_text("print()\n")
    run(directory, "add", ".")
    run(directory, "commit", "-q", "-m", "first")
    return directory


def run(directory: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=directory, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def test_a_clean_repository_is_at_its_commit(repository: Path) -> None:
    assert current_commit(repository) == Commit("fraud", run(repository, "rev-parse", "HEAD"), dirty=False)


def test_a_changed_file_makes_it_dirty_and_a_new_one_does_not(repository: Path) -> None:
    (repository / "notes.txt").write_text("new")
    found = current_commit(repository)
    assert found is not None and not found.dirty
    (repository / "train.py").write_text("print(1)\n")
    found = current_commit(repository)
    assert found is not None and found.dirty


def test_a_remote_names_the_repository_without_the_tokens_in_it(repository: Path) -> None:
    run(repository, "remote", "add", "origin", "https://oauth2:glpat-secret@example.com/acme/fraud.git?x=y")
    found = current_commit(repository / ".")
    assert found is not None and found.repository == "https://example.com/acme/fraud.git"


@pytest.mark.parametrize("url", ["git@example.com:acme/fraud.git", "ssh://git@example.com/acme/fraud.git", "/srv/git"])
def test_other_addresses_stay_as_they_are(url: str) -> None:
    assert without_secrets(url) == url


def test_a_password_of_another_protocol_is_left_out_too() -> None:
    assert without_secrets("ssh://git:secret@example.com:22/acme.git") == "ssh://git@example.com:22/acme.git"


def test_a_directory_below_belongs_to_the_repository(repository: Path) -> None:
    (repository / "models").mkdir()
    found = current_commit(repository / "models")
    assert found is not None and found.repository == "fraud"


def test_a_program_that_the_repository_names_is_not_started(repository: Path) -> None:
    monitor = repository / "monitor.sh"
    monitor.write_text("#!/bin/sh\ntouch started\n")
    monitor.chmod(0o755)
    run(repository, "config", "core.fsmonitor", str(monitor))
    assert current_commit(repository) is not None
    assert not (repository / "started").exists()


def test_there_is_no_commit_outside_of_a_repository_nor_before_the_first(tmp_path: Path) -> None:
    assert current_commit(tmp_path) is None
    run(tmp_path, "init", "-q")
    assert current_commit(tmp_path) is None


def test_there_is_no_commit_without_git(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert current_commit(repository) is None


def test_a_git_that_does_not_answer_is_given_up(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git, "_PATIENCE_SECONDS", 0.0)
    assert current_commit(repository) is None


def test_the_author_is_who_git_knows(repository: Path) -> None:
    assert author.author(repository) == "Ada <ada@example.com>"
    run(repository, "config", "--unset", "user.email")
    assert author.author(repository) == "Ada"


def test_without_git_the_author_is_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "grace")
    assert author.author(tmp_path) == "grace"


def test_a_user_without_a_name_is_no_author(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown() -> str:
        raise KeyError("getpwuid(): uid not found: 1000")

    monkeypatch.setattr("getpass.getuser", unknown)
    assert author.author(tmp_path) is None
