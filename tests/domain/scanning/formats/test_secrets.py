"""Credentials are found by their shape, and are not kept."""

import json

import pytest

from chalicelib.domain.scanning.formats.secrets import secrets_in
from chalicelib.domain.scanning.verdict import Verdict
from tests.domain.scanning.files import scanned

# Made here in parts, so that nobody takes this file for one that holds credentials.
SECRETS = {
    "an AWS access key": "AKIA" + "Z7" * 8,
    "an AWS secret key": "aws_secret_access_key = " + "a1B/" * 10,
    "a GitHub token": "ghp_" + "a1B2" * 9,
    "a fine-grained GitHub token": "github_pat_" + "a1" * 11 + "_" + "b" * 59,
    "a GitLab token": "glpat-" + "a1B2" * 5,
    "a Hugging Face token": "hf_" + "aB" * 17,
    "a Slack token": "xoxb-" + "1234567890-" * 2 + "abcdef",
    "a Slack webhook": "https://hooks.slack.com/services/T00000000/B00000000/" + "a1B2" * 6,
    "an Anthropic key": "sk-ant-" + "api03-" + "a1B2" * 10,
    "an OpenAI key": "sk-proj-" + "a1B2" * 10,
    "a Google API key": "AIza" + "a1B2c" * 7,
    "a Google service account's key": '"private_key_id": "' + "0f" * 20 + '"',
    "an Azure storage key": "AccountKey=" + "a1" * 43 + "==",
    "a Databricks token": "dapi" + "0f" * 16,
    "a Stripe key": "sk_live_" + "a1B2" * 6,
    "an npm token": "npm_" + "a1B2" * 9,
    "a PyPI token": "pypi-AgE" + "a1B2" * 13,
    "a private key": "-----BEGIN RSA PRIVATE KEY-----\n" + "MIIE" * 8,
    "a Moorage token": "moor_" + "abc123" + "_" + "a1B2" * 10,
}


@pytest.mark.parametrize(("kind", "secret"), SECRETS.items(), ids=SECRETS)
def test_each_kind_is_found_with_its_line_and_only_its_first_characters(kind: str, secret: str) -> None:
    found = scanned("settings.txt", f"first line\ntoken: {secret}\n".encode())
    (reason,) = found.reasons
    assert (reason.verdict, reason.code, reason.where) == (Verdict.REVIEW, "secret", "line 2")
    assert kind in reason.text and f"{secret.strip()[:4]}…" in reason.text
    assert secret[5:] not in json.dumps(found.document())


@pytest.mark.parametrize(
    "text",
    [
        "AKIA is how they start",
        "task-" + "a" * 60,
        "disk-" + "a1B2" * 12,
        "-----BEGIN PRIVATE KEY----- and so on",
        "-----BEGIN PUBLIC KEY-----\n" + "MIIE" * 8,
        "hf_transfer and hf_hub_download",
        "ghp_short",
        "sha256: " + "0f" * 32,
        "moor_<id>_<secret>",
    ],
)
def test_what_only_looks_a_little_like_one_is_none(text: str) -> None:
    assert secrets_in(text) == []


def test_a_text_full_of_them_gives_twenty_reasons() -> None:
    assert len(secrets_in("\n".join(["AKIA" + "Z7" * 8] * 100))) == 20
