"""What the package logs, and what never stands in a log.

All loggers are below ``moorage`` and named after their modules. They tell of retries, transfers and warnings. Tokens,
presigned URLs and bodies are never logged, also not by httpx for the package.
"""

import logging
from typing import Final

import httpx

# The parameters that carry the signature of a presigned URL: of S3, Google Cloud Storage and Azure.
_SIGNATURES: Final = frozenset({"x-amz-signature", "x-goog-signature", "signature", "sig"})


def keep_signatures_out() -> None:
    """Let httpx log presigned URLs without their query. It logs the URL of every request at the level INFO."""
    # The same filter is added only once.
    logging.getLogger("httpx").addFilter(_without_signature)


def _without_signature(record: logging.LogRecord) -> bool:
    if isinstance(record.args, tuple):
        record.args = tuple(_unsigned(argument) for argument in record.args)
    return True


def _unsigned(argument: object) -> object:
    if isinstance(argument, httpx.URL) and any(name.lower() in _SIGNATURES for name in argument.params):
        return argument.copy_with(query=b"signed")
    return argument
