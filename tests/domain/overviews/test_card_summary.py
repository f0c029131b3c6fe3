"""A model card at a glance."""

from typing import Any

from chalicelib.domain.cards.card import SECTIONS, Card
from chalicelib.domain.overviews.card_summary import MAX_INTRODUCTION, CardSummary, card_summary
from chalicelib.domain.schemes.gates import Tier
from tests.domain.schemes.documents import scheme


def summary(card: Card, *gates: dict[str, Any], tier: Tier = Tier.LOW) -> CardSummary:
    documentation = [{"name": f"gate-{index}", "kind": "documentation", **gate} for index, gate in enumerate(gates)]
    moves = [{"from": "draft", "to": "live", "gates": documentation}, {"from": ["draft", "live"], "to": "gone"}]
    return card_summary(card, scheme(transitions=moves), tier)


def test_only_the_beginning_of_a_long_introduction_is_shown() -> None:
    whole = summary(Card(fields={"introduction": "a" * MAX_INTRODUCTION}))
    assert (len(whole.introduction), whole.cut) == (MAX_INTRODUCTION, False)
    cut = summary(Card(fields={"introduction": "a" * (MAX_INTRODUCTION + 1)}))
    assert (len(cut.introduction), cut.cut) == (MAX_INTRODUCTION, True)


def test_every_section_has_its_length_as_gates_measure_it() -> None:
    lengths = {section.name: section.characters for section in summary(Card(sections={"factors": " Age. "})).sections}
    assert list(lengths) == list(SECTIONS)
    assert lengths == dict.fromkeys(SECTIONS, 0) | {"factors": 4}


def test_a_section_needs_what_the_strictest_gate_of_the_tier_asks_for() -> None:
    gates = (
        {"sections": ["factors"], "min_characters": 40},
        {"sections": ["factors", "metrics"]},
        {"sections": ["metrics"], "min_characters": 90, "tiers": ["high"]},
    )
    needed = {section.name: section.needed for section in summary(Card(), *gates).sections}
    assert needed == dict.fromkeys(SECTIONS, 0) | {"factors": 40, "metrics": 1}
    assert {one.name: one.needed for one in summary(Card(), *gates, tier=Tier.HIGH).sections}["metrics"] == 90
