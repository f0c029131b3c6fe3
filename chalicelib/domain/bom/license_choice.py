"""Licences as CycloneDX writes them: identifiers of SPDX, expressions, or names."""

from typing import Any

from chalicelib.domain.licenses.expression import License
from chalicelib.domain.licenses.spdx_ids import LICENSES
from chalicelib.domain.licenses.stated import StatedLicense


def license_choice(stated: StatedLicense) -> list[dict[str, Any]]:
    """The ``licenses`` of a component; nothing if none is stated. What is not understood is a name."""
    if stated.expression is None:
        return [{"license": {"name": stated.text}}] if stated.text else []
    if isinstance(stated.expression, License) and str(stated.expression) in LICENSES:
        return [{"license": {"id": stated.expression.id}}]
    return [{"expression": str(stated.expression)}]
