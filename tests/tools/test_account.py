"""Before anything is packaged, an operator is told which account it is for, or what is missing."""

import pytest
from moto import mock_aws

from tools import account


def test_the_account_and_the_region_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with mock_aws():
        assert account.main() == 0
    told = capsys.readouterr()
    assert "Account 123456789012, region eu-central-1" in told.err
    assert told.out == "aws://123456789012/eu-central-1\n"


def test_a_missing_region_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    monkeypatch.delenv("AWS_REGION", raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    assert account.main() == 1
    assert "Set AWS_REGION" in capsys.readouterr().err


def test_missing_credentials_are_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/dev/null")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    assert account.main() == 1
    shown = capsys.readouterr().err
    assert "no credentials" in shown and "AWS_PROFILE" in shown and "Traceback" not in shown
