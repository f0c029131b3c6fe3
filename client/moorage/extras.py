"""Packages that only some calls need, imported when the first of these calls is made."""

from importlib import import_module
from typing import Any


def need(module: str, extra: str, what: str) -> Any:
    """Import ``module`` for ``what``. Raises ImportError, which names the extra that brings it."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module.partition(".")[0]:
            raise
        raise ImportError(f"{what} needs {error.name}: pip install 'moorage[{extra}]'", name=error.name) from error
