"""``moorage.json``: what ``Client.load`` reads of a version that ``Client.log`` saved."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final, Self

from moorage.errors import IncompatibleModelError

NAME: Final = "moorage.json"
# What this release writes and reads. A later release that changes the meaning of a field writes a higher number.
FORMAT_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Descriptor:
    """How a model was saved.

    ``saver`` and ``format`` choose how it is loaded. ``entry`` is the path in the version of the file or directory to
    load. ``model_class`` names the class of what was logged. ``details`` are the saver's own.
    """

    saver: str
    format: str
    entry: str
    model_class: str
    framework: Mapping[str, str] = field(default_factory=dict)
    requirements: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)

    def write(self, directory: Path) -> None:
        document = {"format_version": FORMAT_VERSION, **asdict(self)}
        text = json.dumps(document, indent=2, ensure_ascii=False)
        (directory / NAME).write_text(f"{text}\n", encoding="utf-8")

    @classmethod
    def read(cls, directory: Path, version: str) -> Self:
        """The descriptor among the files of ``version``, which the errors name.

        Raises IncompatibleModelError if there is none, or none that this release can read.
        """
        try:
            document = json.loads((directory / NAME).read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise IncompatibleModelError(
                f"{version} has no {NAME}, so it was not saved by Client.log: fetch its files with Client.download"
            ) from None
        except ValueError as error:
            raise IncompatibleModelError(f"{NAME} of {version} is not JSON: {error}") from error
        found = document.get("format_version") if isinstance(document, dict) else None
        if found != FORMAT_VERSION:
            raise IncompatibleModelError(
                f"{NAME} of {version} has the format version {found!r}, and this release of moorage reads "
                f"{FORMAT_VERSION}: install a newer one"
            )
        return cls._decoded(document, version)

    @classmethod
    def _decoded(cls, document: Mapping[str, Any], version: str) -> Self:
        texts = {name: document.get(name) for name in ("saver", "format", "entry", "model_class")}
        missing = [name for name, text in texts.items() if not isinstance(text, str)]
        if missing:
            raise IncompatibleModelError(f"{NAME} of {version} lacks {', '.join(missing)}")
        entry = PurePosixPath(str(texts["entry"]))
        if entry.is_absolute() or ".." in entry.parts or "\\" in str(entry):
            raise IncompatibleModelError(f"{NAME} of {version} names a file outside of the version: {entry}")
        return cls(
            **{name: str(text) for name, text in texts.items()},
            framework=_mapping(document.get("framework")),
            requirements=_texts(document.get("requirements")),
            details=_mapping(document.get("details")),
        )


def _texts(value: object) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
