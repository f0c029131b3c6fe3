"""Permission to run the code in a model: given by name, for one format of one model or version."""

from collections.abc import Collection
from typing import Final

from moorage.errors import UntrustedModelError

# What each format is called in an error.
_CALLED: Final = {
    "pickle": "a pickle",
    "cloudpickle": "a pickle",
    "source": "the source of a function",
    "pt2": "an exported program, for which PyTorch may fall back to pickle",
}


def check_permissions(allow: Collection[str]) -> None:
    """Raise ValueError unless each entry names a format and a model or version, such as ``pickle:fraud/3``.

    An entry without a model would allow the code of anybody.
    """
    if isinstance(allow, str):
        raise ValueError(f"allow is a list of permissions: allow=[{allow!r}]")  # noqa: TRY004 - a text is a collection too
    for entry in allow:
        kind, _, named = entry.partition(":")
        if kind not in _CALLED or not named:
            raise ValueError(
                f"{entry!r} is no permission: name a format and a model or version, such as 'pickle:fraud/3'. The "
                f"formats are {', '.join(_CALLED)}"
            )


def check_allowed(format: str, model: str, number: int, allow: Collection[str]) -> None:
    """Raise UntrustedModelError unless ``allow`` names this format of the model, or of this version of it.

    ``pickle:fraud`` allows the pickles of every version, ``pickle:fraud/3`` that of one.
    """
    if not {f"{format}:{model}", f"{format}:{model}/{number}"} & set(allow):
        raise UntrustedModelError(
            f"{model}/{number} is {_CALLED[format]}: loading it runs code that whoever logged it chose. If you trust "
            f"it, load it with allow=['{format}:{model}/{number}']"
        )
