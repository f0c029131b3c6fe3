"""The names of models in the dialects of the Hugging Face Hub and of OCI registries.

Both name a repository ``<namespace>/<name>`` and allow fewer signs than the registry does. A model whose name they
allow is ``moorage/<name>``. Any model is ``moorage-hex/<hex>``: the UTF-8 of its name in lower-case hexadecimal.
"""

import re
from typing import Final

from chalicelib.domain import names
from chalicelib.domain.errors import InvalidNameError, ModelNotFoundError

PLAIN: Final = "moorage"
ENCODED: Final = "moorage-hex"
_HEX: Final = re.compile(r"([0-9a-f]{2})+")


def model_of(namespace: str, name: str) -> str:
    """The name of the model that a repository is. Raises ModelNotFoundError if no model can have it."""
    repository = f"{namespace}/{name}"
    try:
        if namespace == PLAIN:
            return names.model_name(name)
        if namespace == ENCODED and _HEX.fullmatch(name):
            return names.model_name(bytes.fromhex(name).decode())
    except (InvalidNameError, UnicodeDecodeError):
        raise _unknown(repository) from None
    raise _unknown(repository)


def _unknown(repository: str) -> ModelNotFoundError:
    return ModelNotFoundError(
        f"{repository!r} is no model. Models are {PLAIN}/<name>, or {ENCODED}/<the name's UTF-8 in hexadecimal>."
    )
