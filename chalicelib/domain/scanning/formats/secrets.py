"""Credentials in text, told by the shapes that their issuers gave them.

What is found is never kept: only its kind, its line and its first four characters.
"""

import re
from collections.abc import Iterator
from typing import Final

from chalicelib.domain.scanning.file_scan import Reason
from chalicelib.domain.scanning.reasons import review

# Bytes of a text that is searched. Longer texts are vocabularies and data.
MAX_SEARCHED: Final = 1024 * 1024
# Of one text.
_MOST: Final = 20
_SHOWN: Final = 4

# What issuers document, or what GitHub's secret scanning looks for. Random-looking text alone is no sign:
# vocabularies are full of it.
_SHAPES: Final = {
    "an AWS access key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "an AWS secret key": r"(?i:aws_secret_access_key)[\"']?\s{0,3}[=:]\s{0,3}[\"']?[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])",
    "a GitHub token": r"\bgh[pousr]_[A-Za-z0-9]{36,255}\b",
    "a fine-grained GitHub token": r"\bgithub_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}\b",
    "a GitLab token": r"\bglpat-[A-Za-z0-9_-]{20,}",
    "a Hugging Face token": r"\bhf_[A-Za-z]{34}\b",
    "a Slack token": r"\bxox[abeoprs]-[0-9A-Za-z-]{20,}",
    "a Slack webhook": r"https://hooks\.slack\.com/services/T[0-9A-Z]{8,}/B[0-9A-Z]{8,}/[0-9A-Za-z]{20,}",
    "an Anthropic key": r"\bsk-ant-[A-Za-z0-9_-]{32,}",
    "an OpenAI key": r"\bsk-(?:proj-|svcacct-|admin-)?(?!ant-)[A-Za-z0-9]{20}[A-Za-z0-9_-]{20,}",
    "a Google API key": r"\bAIza[0-9A-Za-z_-]{35}(?![0-9A-Za-z_-])",
    "a Google service account's key": r"\"private_key_id\"\s{0,3}:\s{0,3}\"[0-9a-f]{40}\"",
    "an Azure storage key": r"AccountKey=[A-Za-z0-9+/]{86}==",
    "a Databricks token": r"\bdapi[0-9a-f]{32}\b",
    "a Stripe key": r"\b[rs]k_live_[0-9A-Za-z]{24,}\b",
    "an npm token": r"\bnpm_[A-Za-z0-9]{36}\b",
    "a PyPI token": r"\bpypi-AgE[A-Za-z0-9_-]{50,}",
    "a private key": r"-----BEGIN (?:[A-Z]{1,10} ){0,2}PRIVATE KEY-----(?:\s|\\[nr]){1,4}[A-Za-z0-9+/=]{20}",
    "a Moorage token": r"\bmoor_[0-9a-z]{1,40}_[0-9A-Za-z-]{20,200}",
}
_KINDS: Final = tuple(_SHAPES)
_SECRET: Final = re.compile("|".join(f"({shape})" for shape in _SHAPES.values()))


def secrets_in(text: str, where: str = "") -> list[Reason]:
    """A reason for each credential, at most twenty. ``where`` names the part of the file; else it is the line."""
    return [_reason(text, match, where) for match, _ in zip(_SECRET.finditer(text), range(_MOST), strict=False)]


def _reason(text: str, match: re.Match[str], where: str) -> Reason:
    kind = _KINDS[(match.lastindex or 1) - 1]
    line = text.count("\n", 0, match.start()) + 1
    return review("secret", f"It seems to hold {kind}: {match.group()[:_SHOWN]}…", where or f"line {line}")


def secrets_of(texts: dict[str, str]) -> Iterator[Reason]:
    """The same of named texts, such as the metadata of a model."""
    for name, text in texts.items():
        yield from secrets_in(text, name)
