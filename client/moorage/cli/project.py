"""The project file ``moorage.toml``: the registry, the model and the defaults of a directory and all below it."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from moorage.errors import NotConfiguredError
from moorage.login import TOKEN_FILE_VARIABLE, TOKEN_VARIABLE, URL_VARIABLE, clean_url
from moorage.references import Reference

FILE_NAME: Final = "moorage.toml"
# Stands for the model of the project. No model can have this name.
PROJECT_MODEL: Final = "."

_FAULT: Final = "invalid_project"
_MEMBERS: Final[Mapping[str, type]] = {
    "url": str,
    "model": str,
    "framework": str,
    "task": str,
    "tags": dict,
    "ignore": list,
}
_KINDS: Final[Mapping[type, str]] = {str: "text", dict: "table", list: "list"}


@dataclass(frozen=True, slots=True)
class Project:
    """What a project file says.

    ``framework``, ``task`` and ``tags`` are defaults of ``moorage register``. ``ignore`` are patterns of files that
    ``register`` and ``resume`` leave out.
    """

    path: Path
    url: str | None = None
    model: str | None = None
    framework: str | None = None
    task: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()


def find_project(directory: Path) -> Project | None:
    """Read the project file of ``directory`` or of the nearest one above, None if there is none.

    Raises NotConfiguredError if the file is not valid.
    """
    for folder in (directory, *directory.parents):
        path = folder / FILE_NAME
        if path.is_file():
            return read_project(path)
    return None


def read_project(path: Path) -> Project:
    """Read a project file. Raises NotConfiguredError if it is not valid."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise NotConfiguredError(f"{path} cannot be read: {error}", code=_FAULT) from error
    for name, value in document.items():
        kind = _MEMBERS.get(name)
        if kind is None:
            raise NotConfiguredError(f"{path} has {name!r}, which is not one of {', '.join(_MEMBERS)}.", code=_FAULT)
        if not isinstance(value, kind):
            raise NotConfiguredError(f"{path}: {name} must be a {_KINDS[kind]}.", code=_FAULT)
    if not all(isinstance(value, str) for value in document.get("tags", {}).values()):
        raise NotConfiguredError(f"{path}: the values of tags must be texts.", code=_FAULT)
    if not all(isinstance(pattern, str) for pattern in document.get("ignore", [])):
        raise NotConfiguredError(f"{path}: the patterns of ignore must be texts.", code=_FAULT)
    document["ignore"] = tuple(document.get("ignore", ()))
    if "url" in document:
        document["url"] = clean_url(document["url"])
    return Project(path, **document)


def project_url(project: Project | None, environment: Mapping[str, str]) -> str | None:
    """The address that the project file gives, None if the environment decides.

    A token in the environment is never sent to an address from a file, which somebody else may have written. Such an
    address counts only together with the login that was saved for it.
    """
    if project is None or any(environment.get(name) for name in (URL_VARIABLE, TOKEN_VARIABLE, TOKEN_FILE_VARIABLE)):
        return None
    return project.url


def with_project_model(find: Callable[[], Project | None], given: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a command, with the project's model in place of ``.``. Raises NotConfiguredError without one."""
    return {name: _filled_in(find, name, value) for name, value in given.items()}


def _filled_in(find: Callable[[], Project | None], name: str, value: Any) -> Any:
    if name == "model" and value == PROJECT_MODEL:
        return _model(find())
    if isinstance(value, Reference) and value.model == PROJECT_MODEL:
        return replace(value, model=_model(find()))
    if isinstance(value, tuple) and any(isinstance(one, Reference) for one in value):
        return tuple(_filled_in(find, name, one) for one in value)
    return value


def _model(project: Project | None) -> str:
    if project is None or project.model is None:
        raise NotConfiguredError(
            f"'.' is the model of {FILE_NAME}, and there is none here: write one.", code="no_project"
        )
    return project.model
