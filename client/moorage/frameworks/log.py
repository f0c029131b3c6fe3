"""Saving a model and what is known of its making in a directory, from which a version is registered."""

import logging
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

from moorage.capture import author, example_rows, git, imports, python, requirements, run
from moorage.capture.fitting import Fact, fitting
from moorage.capture.requirements import Requirements
from moorage.capture.switches import Capture
from moorage.errors import MoorageError
from moorage.frameworks.catalogue import framework_of, saver_for
from moorage.frameworks.descriptor import Descriptor
from moorage.frameworks.saver import Saved, Saver

# The tag of a version whose loading runs code, with its format.
CODE_TAG: Final = "runs_code"
REQUIREMENTS: Final = "requirements.txt"

_log = logging.getLogger(__name__)
Found = TypeVar("Found")


def save(
    model: Any, directory: Path, wanted: str | None, example: Any, capture: Capture, given: Mapping[str, Any]
) -> dict[str, Any]:
    """Save ``model`` in ``directory`` with its descriptor, requirements and example.

    Returns the fields to register it with: those that are ``given``, and what was captured. Raises
    UnsupportedModelError if nothing saves the model in the ``wanted`` format, and MissingLibraryError if that takes a
    library that is not installed.
    """
    name, saver, format = saver_for(model, wanted)
    framework = _framework(model)
    signature = None
    if capture.signature and given.get("signature") is None:
        signature = _signature(saver, model, example)
    saved = saver.save(model, directory, format, example)
    needed = _requirements(model, saved) if capture.requirements else ()
    if needed:
        (directory / REQUIREMENTS).write_text("".join(f"{line}\n" for line in needed), encoding="utf-8")
    if capture.example and example is not None:
        _attempt("example", lambda: example_rows.write_example(example, directory))
    kind = f"{type(model).__module__}.{type(model).__qualname__}"
    Descriptor(name, format, saved.entry, kind, framework, needed, saved.details).write(directory)
    facts = [_fact(("framework",), framework), *_provenance(capture, needed), _fact(("signature",), signature)]
    content = fitting(given, [fact for fact in facts if fact is not None])
    if format in saver.RUNS_CODE:
        content["tags"] = {**content.get("tags", {}), CODE_TAG: format}
    return content


def _requirements(model: Any, saved: Saved) -> tuple[str, ...]:
    """Pinned requirements of the model. A warning names the modules that none of them has."""

    def found() -> Requirements:
        return requirements.pin((imports.modules_of(model) | set(saved.needs)) - set(saved.carries))

    needed = _attempt("requirements", found)
    if needed is None:
        return ()
    if needed.unpackaged:
        _log.warning(
            "no installed package has %s, so no requirement names it: the model needs it where it is loaded",
            ", ".join(needed.unpackaged),
        )
    return needed.pinned


def _framework(model: Any) -> dict[str, str]:
    """The framework's name and version. An unknown one is known by the name of its package."""
    known = framework_of(model)
    package = type(model).__module__.partition(".")[0] if known is None else known.package
    if package in ("builtins", "__main__"):
        return {"name": "python", "version": python.python_version()}
    version = getattr(sys.modules.get(package), "__version__", None)
    name = package if known is None else known.name
    return {"name": name} if version is None else {"name": name, "version": str(version)}


def _signature(saver: Saver, model: Any, example: Any) -> dict[str, Any] | None:
    """The signature. Raises UnsupportedModelError for a function that does not declare its own."""
    try:
        return saver.signature(model, example)
    except MoorageError:
        raise
    except Exception as error:  # noqa: BLE001 - an example may be of any library, and fail in any way to be described
        _log.warning("the version has no signature: its example cannot be described: %s", error)
        return None


def _provenance(capture: Capture, needed: tuple[str, ...]) -> list[Fact | None]:
    """What was captured, the most important first: the requirements take the most space."""
    here = Path()
    commit = _attempt("commit", lambda: git.current_commit(here)) if capture.git else None
    return [
        _fact(("provenance", "source"), commit and {"repository": commit.repository, "commit": commit.commit}),
        _fact(("metadata", "captured", "git_dirty"), None if commit is None else commit.dirty),
        _fact(("provenance", "run"), _attempt("run", run.active_run) if capture.run else None),
        _fact(("provenance", "author"), _attempt("author", lambda: author.author(here)) if capture.author else None),
        _fact(("provenance", "runtime", "python"), python.python_version() if capture.python else None),
        _fact(("metadata", "captured", "platform"), python.platform_name() if capture.python else None),
        _fact(("provenance", "runtime", "requirements"), list(needed) or None),
    ]


def _fact(place: tuple[str, ...], value: Any) -> Fact | None:
    return None if value is None else (place, value)


def _attempt(what: str, capture: Callable[[], Found]) -> Found | None:
    """What a capture finds. None with a warning if it fails."""
    try:
        return capture()
    except Exception as error:  # noqa: BLE001 - what is captured by itself, from other libraries too, must not fail a log
        _log.warning("the version's %s cannot be captured: %s", what, error)
        return None
