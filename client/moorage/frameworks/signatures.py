"""The signature of a model from an example of its inputs, and from what it answers to that."""

import logging
from collections.abc import Callable
from typing import Any

from moorage.capture.signature import specification

_log = logging.getLogger(__name__)


def from_example(example: Any, predict: Callable[[Any], Any] | None) -> dict[str, Any] | None:
    """``{"inputs", "outputs"}`` in MLflow's form. None without an example.

    There are no outputs without ``predict``, nor if it fails on the example, which a warning then says. Raises
    TypeError if the example is of a kind that is not known.
    """
    if example is None:
        return None
    inputs = specification(example)
    if predict is None:
        return {"inputs": inputs}
    try:
        return {"inputs": inputs, "outputs": specification(predict(example))}
    except Exception as error:  # noqa: BLE001 - the model is the caller's and may fail in any way; logging it must not
        _log.warning("the signature has no outputs: the model cannot predict the example: %s", error)
        return {"inputs": inputs}
