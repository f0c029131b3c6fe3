"""Credentials in text, told by the shapes that their issuers gave them.

What is found is never kept: only its kind, its line and its first four characters.
"""

import re
from dataclasses import dataclass
from itertools import islice
from typing import Final

from chalicelib.domain.scanning.file_scan import Reason
from chalicelib.domain.scanning.reasons import review

# Bytes of a text that is searched. Longer texts are vocabularies and data.
MAX_SEARCHED: Final = 1024 * 1024
# Of one text.
_MOST: Final = 20
_SHOWN: Final = 4


@dataclass(frozen=True, slots=True)
class _Shape:
    """``marks`` are parts of which every credential of this kind has one: looking for them first is quick."""

    kind: str
    marks: tuple[str, ...]
    pattern: re.Pattern[str]


def _shape(kind: str, marks: str, pattern: str) -> _Shape:
    return _Shape(kind, tuple(marks.split()), re.compile(pattern))


# What issuers document, or what GitHub's secret scanning looks for. Random-looking text alone is no sign:
# vocabularies are full of it.
_SHAPES: Final = (
    _shape("an AWS access key", "AKIA ASIA", r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    _shape(
        "an AWS secret key",
        "aws_secret_access_key AWS_SECRET_ACCESS_KEY",
        r"(?i:aws_secret_access_key)[\"']?\s{0,3}[=:]\s{0,3}[\"']?[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])",
    ),
    _shape("a GitHub token", "ghp_ gho_ ghu_ ghs_ ghr_", r"\bgh[pousr]_[A-Za-z0-9]{36,255}\b"),
    _shape("a fine-grained GitHub token", "github_pat_", r"\bgithub_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}\b"),
    _shape("a GitLab token", "glpat-", r"\bglpat-[A-Za-z0-9_-]{20,}"),
    _shape("a Hugging Face token", "hf_", r"\bhf_[A-Za-z]{34}\b"),
    _shape("a Slack token", "xox", r"\bxox[abeoprs]-[0-9A-Za-z-]{20,}"),
    _shape(
        "a Slack webhook",
        "hooks.slack.com",
        r"https://hooks\.slack\.com/services/T[0-9A-Z]{8,}/B[0-9A-Z]{8,}/[0-9A-Za-z]{20,}",
    ),
    _shape("an Anthropic key", "sk-ant-", r"\bsk-ant-[A-Za-z0-9_-]{32,}"),
    _shape("an OpenAI key", "sk-", r"\bsk-(?:proj-|svcacct-|admin-)?(?!ant-)[A-Za-z0-9]{20}[A-Za-z0-9_-]{20,}"),
    _shape("a Google API key", "AIza", r"\bAIza[0-9A-Za-z_-]{35}(?![0-9A-Za-z_-])"),
    _shape("a Google service account's key", "private_key_id", r"\"private_key_id\"\s{0,3}:\s{0,3}\"[0-9a-f]{40}\""),
    _shape("an Azure storage key", "AccountKey=", r"AccountKey=[A-Za-z0-9+/]{86}=="),
    _shape("a Databricks token", "dapi", r"\bdapi[0-9a-f]{32}\b"),
    _shape("a Stripe key", "k_live_", r"\b[rs]k_live_[0-9A-Za-z]{24,}\b"),
    _shape("an npm token", "npm_", r"\bnpm_[A-Za-z0-9]{36}\b"),
    _shape("a PyPI token", "pypi-AgE", r"\bpypi-AgE[A-Za-z0-9_-]{50,}"),
    _shape(
        "a private key",
        "-----BEGIN",
        r"-----BEGIN (?:[A-Z]{1,10} ){0,2}PRIVATE KEY-----(?:\s|\\[nr]){1,4}[A-Za-z0-9+/=]{20}",
    ),
    _shape("a Moorage token", "moor_", r"\bmoor_[0-9a-z]{1,40}_[0-9A-Za-z-]{20,200}"),
)


def secrets_in(text: str, where: str = "") -> list[Reason]:
    """A reason for each credential, at most twenty. ``where`` names the part of the file; else it is the line."""
    found = (
        _reason(text, shape.kind, match, where)
        for shape in _SHAPES
        if any(mark in text for mark in shape.marks)
        for match in shape.pattern.finditer(text)
    )
    return list(islice(found, _MOST))


def _reason(text: str, kind: str, match: re.Match[str], where: str) -> Reason:
    line = text.count("\n", 0, match.start()) + 1
    return review("secret", f"It seems to hold {kind}: {match.group()[:_SHOWN]}…", where or f"line {line}")
