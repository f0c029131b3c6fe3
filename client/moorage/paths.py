"""Paths of the registry's API. Names in them are percent-encoded."""

from urllib.parse import quote

VersionKey = int | str


def model(name: str) -> str:
    return f"models/{segment(name)}"


def versions(name: str) -> str:
    return f"{model(name)}/versions"


def version(name: str, key: VersionKey) -> str:
    """The path of a version. ``key`` is its number or an alias such as ``@champion``."""
    return f"{versions(name)}/{segment(version_key(key))}"


def version_key(key: VersionKey) -> str:
    """Check that ``key`` is a number or an alias such as ``@champion``. Raises ValueError otherwise."""
    text = str(key)
    if text.isdigit() or (text.startswith("@") and len(text) > 1):
        return text
    raise ValueError(f"{text!r} is neither a version's number nor an alias such as @champion")


def segment(text: str) -> str:
    if not text:
        raise ValueError("a name must not be empty")
    return quote(text, safe="@")
