"""Datasets as Croissant describes them: https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html."""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from moorage.errors import InvalidRequestError


def croissant_dataset(source: Mapping[str, Any] | str | os.PathLike[str]) -> dict[str, str]:
    """A dataset for ``provenance.datasets``, from a Croissant description: its name, its version and its digest.

    ``source`` is the JSON-LD document, or the path of its file. The digest is the ``sha256`` of the one file that
    ``distribution`` lists. Of several, it is the SHA-256 of theirs, sorted and joined by newlines. If one of them has
    none, the dataset has no digest. Raises InvalidRequestError for what is no description of a dataset.
    """
    document = source if isinstance(source, Mapping) else _read(Path(source))
    name = document.get("name")
    if not isinstance(name, str) or not name:
        raise InvalidRequestError("a Croissant description has the dataset's name as 'name'; this document has none")
    dataset = {"name": name}
    version = document.get("version")
    if version is not None:
        dataset["version"] = str(version)
    digest = _digest(document.get("distribution"))
    return dataset if digest is None else dataset | {"digest": digest}


def _read(path: Path) -> Mapping[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InvalidRequestError(f"{path} is not JSON, as a Croissant description is") from error
    if not isinstance(document, Mapping):
        raise InvalidRequestError(f"{path} does not hold an object, as a Croissant description does")
    return document


def _digest(distribution: object) -> str | None:
    """Of files alone: a set of files (``cr:FileSet``) is made of one that has a hash of its own."""
    listed = distribution if isinstance(distribution, list) else [distribution]
    files = [one for one in listed if isinstance(one, Mapping) and "FileSet" not in str(one.get("@type"))]
    hashes = [str(one.get("sha256") or "") for one in files]
    if not hashes or "" in hashes:
        return None
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("\n".join(sorted(hashes)).encode()).hexdigest()
