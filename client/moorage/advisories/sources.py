"""Where OSV documents are read from: a zip, a URL of one, or a directory such as a checkout of an advisory database."""

import json
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import httpx
import yaml

from moorage.errors import MoorageError

# OSV's zip of all of PyPI has some 30 MB.
MAX_DOWNLOAD: Final = 1024**3
MAX_DOCUMENT: Final = 8 * 1024**2
MAX_DOCUMENTS: Final = 500_000
_SUFFIXES: Final = (".json", ".yaml", ".yml")
# What reading a zip raises for a directory or packed bytes that are wrong; an OSError is bzip2's.
_DAMAGED: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
)
_TIMEOUT: Final = httpx.Timeout(connect=10.0, read=60.0, write=60.0, pool=None)


def documents(place: Path) -> Iterator[object]:
    """The parsed documents of a zip, a directory or a single file. Raises MoorageError if they cannot be read."""
    for count, (name, content) in enumerate(_contents(place)):
        if count >= MAX_DOCUMENTS:
            raise MoorageError(f"{place} has more than {MAX_DOCUMENTS} documents")
        yield _parsed(name, content)


@contextmanager
def downloaded(url: str) -> Iterator[tuple[Path, datetime]]:
    """A zip at a URL as a temporary file, and when it was last modified there, or now if the server does not say."""
    shown = without_secrets(url)
    with TemporaryDirectory() as directory:
        path = Path(directory) / "advisories.zip"
        try:
            with httpx.stream("GET", url, timeout=_TIMEOUT, follow_redirects=True) as answer, path.open("wb") as file:
                if answer.status_code != httpx.codes.OK:
                    raise MoorageError(f"{shown} answers {answer.status_code}")
                if url.startswith("https://") and any(one.url.scheme != "https" for one in (*answer.history, answer)):
                    raise MoorageError(f"{shown} leads to an address without TLS, where anyone may have changed it")
                size = 0
                for chunk in answer.iter_bytes():
                    size += len(chunk)
                    if size > MAX_DOWNLOAD:
                        raise MoorageError(f"{shown} has more than {MAX_DOWNLOAD} bytes")
                    file.write(chunk)
                modified = _last_modified(answer)
        except httpx.HTTPError as error:
            raise MoorageError(f"{shown} cannot be read: {error}") from error
        yield path, modified


def is_url(source: str) -> bool:
    return source.startswith(("https://", "http://"))


def without_secrets(url: str) -> str:
    """A URL without what may be a secret in it. Raises MoorageError for what is no URL."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise MoorageError(f"this is no URL: {error}") from error
    return str(parsed.copy_with(username=None, password=None, query=None, fragment=None))


def _last_modified(answer: httpx.Response) -> datetime:
    said = answer.headers.get("last-modified")
    if said is None:
        return datetime.now(UTC)
    try:
        return parsedate_to_datetime(said).astimezone(UTC)
    except ValueError:
        return datetime.now(UTC)


def _contents(place: Path) -> Iterator[tuple[str, bytes]]:
    if place.is_dir():
        for path in sorted(place.rglob("*")):
            if path.suffix in _SUFFIXES and path.is_file() and ".git" not in path.parts:
                if path.stat().st_size > MAX_DOCUMENT:
                    raise MoorageError(f"{path} has more than {MAX_DOCUMENT} bytes")
                yield str(path), path.read_bytes()
    elif zipfile.is_zipfile(place):
        yield from _of_zip(place)
    elif place.suffix in _SUFFIXES and place.is_file():
        yield str(place), place.read_bytes()
    else:
        raise MoorageError(f"{place} is no zip, no directory and no document: give a place with OSV documents")


def _of_zip(place: Path) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(place) as archive:
            for info in archive.infolist():
                if info.filename.endswith(_SUFFIXES):
                    if info.file_size > MAX_DOCUMENT:
                        raise MoorageError(f"{info.filename} in {place} has more than {MAX_DOCUMENT} bytes")
                    yield f"{info.filename} in {place}", archive.read(info)
    except _DAMAGED as error:
        raise MoorageError(f"{place} is damaged: {error}") from error


def _parsed(name: str, content: bytes) -> Any:
    try:
        if name.partition(" in ")[0].endswith(".json"):
            return json.loads(content)
        # The loader in C where there is one: a checkout has thousands of documents.
        return yaml.load(content, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe loaders
    except (ValueError, yaml.YAMLError) as error:
        raise MoorageError(f"{name} is not a document: {error}") from error
    except RecursionError as error:
        raise MoorageError(f"{name} is nested too deeply") from error
