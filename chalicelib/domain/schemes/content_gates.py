"""Gates that look at what a version contains: its licences and the formats of its files."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class IfAbsent(StrEnum):
    """What a licence means to a gate that nobody knows."""

    FAIL = "fail"
    REVIEW = "review"
    PASS = "pass"


@dataclass(frozen=True, slots=True)
class LicensesGate:
    """The version's licence and those that it inherits are allowed.

    The fields are as in ``licenses.policy.LicensePolicy``. What is for review is allowed once the check ``check`` was
    reported as passed.
    """

    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    review: tuple[str, ...] = ()
    if_absent: IfAbsent = IfAbsent.FAIL
    check: str | None = None


@dataclass(frozen=True, slots=True)
class FormatsGate:
    """Every file of the version has one of the formats ``allow``, if there are any, and none of ``deny``."""

    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()


def licenses_gate(document: Mapping[str, Any]) -> LicensesGate:
    """The condition of a validated document."""
    return LicensesGate(
        allow=tuple(document.get("allow", ())),
        deny=tuple(document.get("deny", ())),
        review=tuple(document.get("review", ())),
        if_absent=IfAbsent(document.get("if_absent", "fail")),
        check=document.get("check"),
    )


def formats_gate(document: Mapping[str, Any]) -> FormatsGate:
    """The condition of a validated document."""
    return FormatsGate(tuple(document.get("allow", ())), tuple(document.get("deny", ())))
