"""Plain functions: their source, with the inputs and outputs that their annotations declare."""

import hashlib
import linecache
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, Final

from moorage.capture.signature import declared
from moorage.errors import IncompatibleModelError, UnsupportedModelError
from moorage.frameworks.function_source import standalone_source
from moorage.frameworks.saver import Saved, Stored

FORMATS: Final = ("source",)
# Source is code, whatever is in it.
RUNS_CODE: Final = frozenset(FORMATS)


def save(model: Any, directory: Path, format: str, example: Any) -> Saved:
    path = directory / "function.py"
    path.write_text(standalone_source(model), encoding="utf-8")
    return Saved(path.name, carries=(model.__module__,), details={"name": model.__name__})


def load(stored: Stored) -> Any:
    """The function, in a module of its own. Running that module runs the imports and constants that it needs."""
    text = stored.entry.read_text(encoding="utf-8")
    name = f"moorage_function_{hashlib.sha256(text.encode()).hexdigest()[:12]}"
    module = ModuleType(name, f"The source of {stored.version}.")
    # Tracebacks and inspect find the source here, after the file is gone.
    file = f"<{stored.version}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    exec(compile(text, file, "exec"), module.__dict__)  # noqa: S102 - the caller has allowed the code of this version by name
    function = module.__dict__.get(str(stored.descriptor.details.get("name")))
    if not isinstance(function, FunctionType):
        raise IncompatibleModelError(f"{stored.version}: {stored.descriptor.entry} does not define its function")
    return function


def signature(model: Any, example: Any) -> dict[str, Any] | None:
    """What the annotations declare. Raises UnsupportedModelError if they do not declare every parameter."""
    try:
        return declared(model)
    except TypeError as error:
        raise UnsupportedModelError(
            f"the function {model.__qualname__!r} does not declare its signature: {error}. Annotate it, or give "
            "signature="
        ) from error
