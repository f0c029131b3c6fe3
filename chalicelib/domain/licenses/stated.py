"""The licence that a model states: the field ``license`` of its card, which all its versions share.

A card may have it as an SPDX expression, or as the Hugging Face Hub calls it
(https://huggingface.co/docs/hub/repositories-licenses). The Hub's ``other`` is explained by ``license_name``, which a
card keeps in ``extra``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.domain.licenses.expression import Expression, LicenseExpressionError, parse

# Names of the Hub that are not an SPDX identifier in lower case. Its families without a version, such as gpl, cc and
# bsd, stand for no licence in particular.
_HUB: Final[Mapping[str, str]] = {
    "openrail": "LicenseRef-OpenRAIL",
    "openrail++": "LicenseRef-OpenRAIL-PlusPlus",
    "creativeml-openrail-m": "LicenseRef-CreativeML-OpenRAIL-M",
    "bigscience-openrail-m": "LicenseRef-BigScience-OpenRAIL-M",
    "bigscience-bloom-rail-1.0": "LicenseRef-BigScience-BLOOM-RAIL-1.0",
    "bigcode-openrail-m": "LicenseRef-BigCode-OpenRAIL-M",
    "llama2": "LicenseRef-Llama-2",
    "llama3": "LicenseRef-Llama-3",
    "llama3.1": "LicenseRef-Llama-3.1",
    "llama3.2": "LicenseRef-Llama-3.2",
    "llama3.3": "LicenseRef-Llama-3.3",
    "llama4": "LicenseRef-Llama-4",
    "gemma": "LicenseRef-Gemma",
    "deepfloyd-if-license": "LicenseRef-DeepFloyd-IF",
    "apple-amlr": "LicenseRef-Apple-AMLR",
    "intel-research": "LicenseRef-Intel-Research",
    "grok2-community": "LicenseRef-Grok-2",
    "c-uda": "C-UDA-1.0",
    "odbl": "ODbL-1.0",
    "pddl": "PDDL-1.0",
    "lgpl-lr": "LGPLLR",
    "gfdl": "GFDL-1.3-or-later",
}
_OTHER: Final = "other"
_OWN: Final = "LicenseRef-"
_UNFIT: Final = re.compile(r"[^A-Za-z0-9.]+")


@dataclass(frozen=True, slots=True)
class StatedLicense:
    """A licence as it is written and as it is understood. Without ``expression``, ``problem`` says why there is none.

    ``text`` is empty if none is stated.
    """

    text: str
    expression: Expression | None
    problem: str = ""

    def __str__(self) -> str:
        """The expression as SPDX writes it, or else the text as it is."""
        return self.text if self.expression is None else str(self.expression)


def own_license(name: str) -> str:
    """The identifier of a licence that only a name is known of: the Hub's, or else ``LicenseRef-`` and the name."""
    text = name.strip()
    own = _UNFIT.sub("-", text.removeprefix(_OWN)).strip("-")
    return _HUB.get(text.lower()) or (f"{_OWN}{own}" if own else "")


def stated_license(fields: Mapping[str, Any]) -> StatedLicense:
    """The licence that a card's ``fields`` state."""
    text = str(fields.get("license", "")).strip()
    named = (fields.get("extra") or {}).get("license_name")
    if text.lower() == _OTHER and isinstance(named, str) and named.strip():
        return _read(named.strip(), own_license(named))
    if not text:
        return StatedLicense("", None, "its card states none")
    return _read(text, _HUB.get(text.lower(), text))


def _read(text: str, expression: str) -> StatedLicense:
    try:
        return StatedLicense(text, parse(expression))
    except LicenseExpressionError as error:
        return StatedLicense(text, None, str(error))
