"""A model card at a glance: how it begins, and how far it is written."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from chalicelib.domain.cards.card import INTRODUCTION, SECTIONS, Card
from chalicelib.domain.classification import Classification, covers
from chalicelib.domain.schemes.gates import DocumentationGate, Tier
from chalicelib.domain.schemes.scheme import Scheme

MAX_INTRODUCTION: Final = 2_000


@dataclass(frozen=True, slots=True)
class SectionLength:
    """How many characters a section has, and how many the scheme's documentation gates ask for at most."""

    name: str
    characters: int
    needed: int


@dataclass(frozen=True, slots=True)
class CardSummary:
    """The beginning of the card's introduction, whether that is cut, and the length of every section."""

    card: Card
    introduction: str
    cut: bool
    sections: tuple[SectionLength, ...]


def card_summary(card: Card, scheme: Scheme, tier: Tier, classification: Classification | None = None) -> CardSummary:
    """The card of a model of this tier and classification, measured as the scheme's gates measure it."""
    introduction: str = card.fields.get(INTRODUCTION, "")
    needed = dict.fromkeys(SECTIONS, 0)
    for gate in _documentation(scheme, tier, classification):
        for section in gate.sections:
            needed[section] = max(needed[section], gate.min_characters)
    return CardSummary(
        card,
        introduction[:MAX_INTRODUCTION],
        len(introduction) > MAX_INTRODUCTION,
        tuple(SectionLength(name, len(card.sections.get(name, "").strip()), least) for name, least in needed.items()),
    )


def _documentation(scheme: Scheme, tier: Tier, classification: Classification | None) -> Iterator[DocumentationGate]:
    for transition in scheme.transitions.values():
        for gate in transition.gates_for(tier):
            if isinstance(gate.condition, DocumentationGate) and covers(gate.classifications, classification):
                yield gate.condition
