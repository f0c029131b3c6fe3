"""What a policy says of licences: whether each is allowed, denied, or for somebody to review."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from chalicelib.domain.access.principal import matches
from chalicelib.domain.licenses.expression import AnyOf, Expression, License, license_id


class Standing(IntEnum):
    """How a licence stands with a policy, from the best to the worst."""

    ALLOWED = 0
    REVIEW = 1
    DENIED = 2


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a policy says of an expression, and the licences that decided it."""

    standing: Standing
    licenses: tuple[License, ...]


@dataclass(frozen=True, slots=True)
class LicensePolicy:
    """Which licences are allowed, denied, or for review.

    Entries are identifiers, or patterns in which ``*`` is any text; case does not matter. ``deny`` counts before
    ``review``, and ``review`` before ``allow``. Without ``allow``, whatever the others do not name is allowed; with it,
    nothing else is. ``if_absent`` is how it stands if it is not known which licence applies.
    """

    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    review: tuple[str, ...] = ()
    if_absent: Standing = Standing.DENIED

    def ruling(self, expression: Expression) -> Ruling:
        """Of alternatives the best counts, because the user chooses; of licences that apply together, the worst."""
        if isinstance(expression, License):
            return Ruling(self._standing(expression), (expression,))
        rulings = [self.ruling(part) for part in expression.parts]
        decide = min if isinstance(expression, AnyOf) else max
        standing = decide(ruling.standing for ruling in rulings)
        deciding = (found for ruling in rulings if ruling.standing is standing for found in ruling.licenses)
        return Ruling(standing, tuple(dict.fromkeys(deciding)))

    def _standing(self, found: License) -> Standing:
        # What the policy says of a licence holds with an exception or in a later version too, unless it names these
        # in so many words: a pattern that allows much does not allow a denied licence for its exception.
        written = str(found).lower()
        for entries, standing in self._by_weight():
            if any(entry.lower() == written for entry in entries):
                return standing
        for entries, standing in self._by_weight():
            if _names(entries, str(found)) or _names(entries, found.id):
                return standing
        return Standing.DENIED if self.allow else Standing.ALLOWED

    def _by_weight(self) -> tuple[tuple[tuple[str, ...], Standing], ...]:
        return ((self.deny, Standing.DENIED), (self.review, Standing.REVIEW), (self.allow, Standing.ALLOWED))


def check_entry(entry: str) -> str:
    """An entry of a policy as it is kept: a pattern as it is, an identifier as SPDX writes it.

    Raises LicenseExpressionError for an identifier that is not known: it would never be met.
    """
    if "*" in entry:
        return entry
    named, separator, exception = entry.partition(" WITH ")
    later = "+" if named.endswith("+") else ""
    return license_id(named.removesuffix("+")) + later + separator + exception


def _names(entries: Sequence[str], name: str) -> bool:
    return any(matches(entry.lower(), name.lower()) for entry in entries)
