"""Claims about a version, and which of them are proven."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from moorage.errors import IntegrityError


class Outcome(StrEnum):
    """What came of checking a claim. What could not be checked is NOT_PROVEN, which is not the same as wrong."""

    PROVEN = "proven"
    NOT_PROVEN = "not proven"
    CONTRADICTED = "contradicted"


# What is claimed, in the order in which it is shown.
BYTES: Final = "bytes"
SIGNATURE: Final = "signature"
PROMOTION: Final = "promotion"
KEY: Final = "key"
EVENT: Final = "event"
CHAIN: Final = "chain"
ANCHOR: Final = "anchor"
ALIAS: Final = "alias"


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim: what it is about, what came of it, and a sentence that says what exactly, and why."""

    about: str
    outcome: Outcome
    text: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What is proven of a version, and what is not. ``digest`` is that of its list of files.

    ``model`` and ``version`` are None if nothing that was given names the version.
    """

    model: str | None
    version: int | None
    digest: str
    claims: tuple[Claim, ...]

    @property
    def name(self) -> str:
        """``fraud/3``, or the digest if no version is named."""
        return self.digest if self.model is None else f"{self.model}/{self.version}"

    @property
    def contradictions(self) -> tuple[Claim, ...]:
        """What was found to be wrong."""
        return self._with(Outcome.CONTRADICTED)

    @property
    def not_proven(self) -> tuple[Claim, ...]:
        """What could not be checked."""
        return self._with(Outcome.NOT_PROVEN)

    def check(self, *, strict: bool = False) -> None:
        """Raise IntegrityError if anything is contradicted; ``strict``: also if anything is not proven."""
        failed = (*self.contradictions, *(self.not_proven if strict else ()))
        if failed:
            listed = "; ".join(f"{one.about} {one.outcome}: {one.text}" for one in failed)
            raise IntegrityError(f"{self.name}: {listed}", code="not_proven")

    def _with(self, outcome: Outcome) -> tuple[Claim, ...]:
        return tuple(claim for claim in self.claims if claim.outcome is outcome)


def proven(about: str, text: str) -> Claim:
    return Claim(about, Outcome.PROVEN, text)


def not_proven(about: str, text: str) -> Claim:
    return Claim(about, Outcome.NOT_PROVEN, text)


def contradicted(about: str, text: str) -> Claim:
    return Claim(about, Outcome.CONTRADICTED, text)


def named(paths: Iterable[str], shown: int = 3) -> str:
    """Some of the paths in words: ``a, b, c and 4 more``."""
    listed = sorted(paths)
    more = f" and {len(listed) - shown} more" if len(listed) > shown else ""
    return ", ".join(listed[:shown]) + more
