"""The grammar of names that callers choose. Each function returns the name unchanged, or raises InvalidNameError."""

import re
from typing import Final

from chalicelib.domain.errors import InvalidNameError

MAX_MODEL_NAME: Final = 256
MAX_ALIAS: Final = 255
# A sort key of DynamoDB has at most 1,024 bytes. Some contain a name and up to 64 bytes around it.
MAX_NAME_BYTES: Final = 960
# S3 keys have at most 1,024 bytes, and the key begins with "artifacts/<32 hexadecimal digits>/".
MAX_PATH_BYTES: Final = 981
# What file systems allow for the name of one file or directory.
MAX_SEGMENT_BYTES: Final = 255
MAX_LABEL: Final = 128

_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_ALIAS = re.compile(r"[\w\-]+")
_REPORT = re.compile(r"[a-z0-9_.\-]{1,64}", re.ASCII)
_SCHEME = re.compile(r"[a-z0-9][a-z0-9_.\-]{0,63}")
_MONITOR = re.compile(r"[a-z0-9][a-z0-9_.\-]{0,55}")
_RESERVED_ALIAS = re.compile(r"latest|v[0-9]+", re.IGNORECASE | re.ASCII)
# Semantic Versioning 2.0.0, https://semver.org/#is-there-a-suggested-regular-expression-regex-to-check-a-semver-string
_LABEL = re.compile(
    r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)"
    r"(-(0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*))*)?"
    r"(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?"
)


def model_name(name: str) -> str:
    """A model's name: 1 to 256 characters, at most 960 bytes of UTF-8.

    It is not blank, has no ``/``, ``:`` or control character, no ``%`` before two hexadecimal digits, and is not ``.``
    or ``..``. So it survives being percent-decoded twice in a URL path.
    """
    if not name.strip():
        raise InvalidNameError("A model name must not be blank.")
    if len(name) > MAX_MODEL_NAME:
        raise InvalidNameError(f"A model name has at most {MAX_MODEL_NAME} characters; this one has {len(name)}.")
    if "/" in name or ":" in name:
        raise InvalidNameError(f"The model name {name!r} must not contain '/' or ':'.")
    if _CONTROL.search(name):
        raise InvalidNameError(f"The model name {name!r} must not contain control characters.")
    if _ENCODED.search(name):
        raise InvalidNameError(f"The model name {name!r} must not contain '%' followed by two hexadecimal digits.")
    if name in (".", ".."):
        raise InvalidNameError(f"{name!r} is not a model name.")
    # Checked last: surrogates, which cannot be encoded as UTF-8, have been refused by now.
    if len(name.encode()) > MAX_NAME_BYTES:
        raise InvalidNameError(f"A model name has at most {MAX_NAME_BYTES} bytes of UTF-8.")
    return name


def alias_name(alias: str) -> str:
    """An alias: 1 to 255 word characters and ``-``, at most 960 bytes. Not ``latest``, ``v<digits>`` or only digits."""
    if any_alias(alias).isdigit():
        raise _reserved(alias)
    return alias


def any_alias(alias: str) -> str:
    """An alias as in ``alias_name``, but it may be only digits: for callers that never name a version in its place."""
    if not 1 <= len(alias) <= MAX_ALIAS or not _ALIAS.fullmatch(alias):
        raise InvalidNameError(f"The alias {alias!r} must be 1 to {MAX_ALIAS} letters, digits, '_' or '-'.")
    if len(alias.encode()) > MAX_NAME_BYTES:
        raise InvalidNameError(f"An alias has at most {MAX_NAME_BYTES} bytes of UTF-8.")
    if _RESERVED_ALIAS.fullmatch(alias):
        raise _reserved(alias)
    return alias


def check_name(name: str) -> str:
    """A check's name: 1 to 64 of ``a-z 0-9 _ . -``. Not ``.`` or ``..``, which clients remove from a URL."""
    return _report(name, "check")


def evaluation_name(name: str) -> str:
    """An evaluation's name, with the same grammar as a check's."""
    return _report(name, "evaluation")


def monitor_name(name: str) -> str:
    """A monitor's name: 1 to 56 of ``a-z``, ``0-9``, ``_``, ``.`` and ``-``; a letter or digit first.

    ``monitor.<name>`` is the name of a check.
    """
    if not _MONITOR.fullmatch(name):
        raise InvalidNameError(
            f"{name!r} is not the name of a monitor: 1 to 56 of a-z, 0-9, '_', '.' and '-', a letter or digit first."
        )
    return name


def evidence_file_name(name: str) -> str:
    """An evidence file's name, such as ``roc.png``, with the same grammar as a check's."""
    return _report(name, "evidence file")


def scheme_name(name: str) -> str:
    """A promotion scheme's name: 1 to 64 of ``a-z``, ``0-9``, ``_``, ``.`` and ``-``; a letter or digit first."""
    if not _SCHEME.fullmatch(name):
        raise InvalidNameError(
            f"{name!r} is not the name of a scheme: 1 to 64 of a-z, 0-9, '_', '.' and '-', a letter or digit first."
        )
    return name


def label(text: str) -> str:
    """A label: a version of Semantic Versioning 2.0.0, at most 128 characters."""
    if len(text) > MAX_LABEL or not _LABEL.fullmatch(text):
        raise InvalidNameError(f"The label {text!r} is not a semantic version such as 1.4.0 or 2.0.0-rc.1.")
    return text


def file_path(path: str) -> str:
    """A file's path in a version: relative, normalised, ``/`` between segments, at most 981 bytes of UTF-8."""
    if _CONTROL.search(path):
        raise InvalidNameError(f"The path {path!r} must not contain control characters.")
    if not path or len(path.encode()) > MAX_PATH_BYTES:
        raise InvalidNameError(f"A path has 1 to {MAX_PATH_BYTES} bytes.")
    if "\\" in path:
        raise InvalidNameError(f"The path {path!r} must use '/' between segments.")
    if any(segment in ("", ".", "..") for segment in path.split("/")):
        raise InvalidNameError(f"The path {path!r} must be relative and free of empty, '.' and '..' segments.")
    return path


def new_file_path(path: str) -> str:
    """The path of a file to register: as ``file_path``, with at most 255 bytes in each segment."""
    too_long = next((part for part in file_path(path).split("/") if len(part.encode()) > MAX_SEGMENT_BYTES), None)
    if too_long is not None:
        raise InvalidNameError(
            f"The part {too_long!r} of a path has {len(too_long.encode())} bytes. File systems allow at most "
            f"{MAX_SEGMENT_BYTES} between two '/', so that nobody could download the file."
        )
    return path


def _reserved(alias: str) -> InvalidNameError:
    return InvalidNameError(f"The alias {alias!r} is reserved: it could be read as a version.")


def _report(name: str, what: str) -> str:
    if not _REPORT.fullmatch(name) or name in (".", ".."):
        raise InvalidNameError(f"The name {name!r} of the {what} must be 1 to 64 of a-z, 0-9, '_', '.' and '-'.")
    return name
