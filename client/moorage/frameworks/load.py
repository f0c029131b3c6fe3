"""Loading the model of a version whose files are on this machine."""

from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

from moorage.errors import IncompatibleModelError, MissingLibraryError
from moorage.frameworks.catalogue import saver_named
from moorage.frameworks.descriptor import Descriptor
from moorage.frameworks.permissions import check_allowed, check_permissions
from moorage.frameworks.saver import Stored

# Whose weights go into a module or class that the caller has.
_WITH_INTO: Final = ("pytorch", "transformers")


def load(model: str, number: int, directory: Path, allow: Collection[str], trust: Collection[str], into: Any) -> Any:
    """The object that was logged. ``directory`` has the version's files, whose digests were just checked.

    Raises UntrustedModelError if loading runs code that ``allow`` does not permit, or makes types that ``trust`` does
    not name, IncompatibleModelError if this release cannot read how it was saved, and MissingLibraryError if its
    framework is not installed.
    """
    check_permissions(allow)
    version = f"{model}/{number}"
    descriptor = Descriptor.read(directory, version)
    saver = saver_named(descriptor.saver, version)
    if descriptor.format not in saver.FORMATS:
        raise IncompatibleModelError(
            f"{version} has the format {descriptor.format!r}, which this release of moorage does not know"
        )
    if descriptor.format in saver.RUNS_CODE:
        check_allowed(descriptor.format, model, number, allow)
    if into is not None and descriptor.saver not in _WITH_INTO:
        raise ValueError(f"into= is for models of {' and '.join(_WITH_INTO)}, and {version} is of {descriptor.saver}")
    try:
        return saver.load(Stored(version, directory, descriptor, tuple(trust), into))
    except ModuleNotFoundError as error:
        raise MissingLibraryError(
            f"{version} needs the module {error.name}, which is not installed. It was saved with "
            f"{', '.join(descriptor.requirements) or 'unknown requirements'}"
        ) from error
