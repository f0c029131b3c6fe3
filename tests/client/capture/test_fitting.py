"""What was captured is joined with what is given, and what the registry could not store is left out."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moorage.capture.fitting import Fact, fitting

from chalicelib.domain.versions.decisions import checked_description
from chalicelib.domain.versions.version import Description

AUTHOR: Fact = (("provenance", "author"), "Ada")
PYTHON: Fact = (("provenance", "runtime", "python"), "3.12.4")
REQUIREMENTS: Fact = (("provenance", "runtime", "requirements"), ["numpy==2.4.6"])


def test_facts_go_where_they_belong() -> None:
    assert fitting({"label": "1.0.0"}, [AUTHOR, PYTHON, REQUIREMENTS]) == {
        "label": "1.0.0",
        "provenance": {"author": "Ada", "runtime": {"python": "3.12.4", "requirements": ["numpy==2.4.6"]}},
    }


def test_what_is_given_stays_and_is_joined_field_by_field() -> None:
    given: dict[str, Any] = {"provenance": {"author": "Grace", "runtime": {"python": "3.9"}}, "signature": None}
    source: Fact = (("provenance", "source"), {"repository": "fraud", "commit": "9f2c1e7"})
    assert fitting(given, [AUTHOR, PYTHON, REQUIREMENTS, source, (("signature",), {"inputs": []})]) == {
        "provenance": {
            "author": "Grace",
            "runtime": {"python": "3.9"},
            "source": {"repository": "fraud", "commit": "9f2c1e7"},
        },
        "signature": {"inputs": []},
    }
    assert given == {"provenance": {"author": "Grace", "runtime": {"python": "3.9"}}, "signature": None}


@pytest.mark.parametrize(
    ("fact", "why"),
    [
        ((("provenance", "author"), "A" * 2049), "a text of 2049 characters, where 1 to 2048 fit"),
        ((("provenance", "author"), ""), "a text of 0 characters"),
        ((("provenance", "runtime", "requirements"), ["a==1"] * 1001), "1001 entries, where 1000 fit"),
        ((("signature",), {"inputs": [{"name": f"column {number:04}"} for number in range(900)] * 4}), "entries"),
        ((("signature",), {"inputs": ["x" * 1000] * 70}), "bytes, where 64512 fit"),
    ],
)
def test_a_fact_that_does_not_fit_is_left_out_with_its_name_and_the_reason(
    fact: Fact, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert fitting({}, [fact, PYTHON]) == {"provenance": {"runtime": {"python": "3.12.4"}}}
    assert f"{'.'.join(fact[0])} is left out of the version" in caplog.text and why in caplog.text


def test_what_is_given_takes_its_space_first() -> None:
    given = {"description": "x" * 40_000}
    large: Fact = (("signature",), {"inputs": ["x" * 1000] * 30})
    assert fitting(given, [AUTHOR, large]) == {**given, "provenance": {"author": "Ada"}}
    assert "signature" in fitting({}, [large])


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=3000)


@given(
    description=st.text(st.characters(exclude_categories=["Cs"]), max_size=10_000),
    author=TEXT,
    requirements=st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=400), max_size=200),
    columns=st.lists(TEXT, max_size=30),
)
def test_the_registry_takes_whatever_fits(
    description: str, author: str, requirements: list[str], columns: list[str]
) -> None:
    content = fitting(
        {"description": description},
        [
            (("provenance", "author"), author),
            (("provenance", "runtime", "requirements"), requirements),
            (("signature",), {"inputs": [{"name": name, "type": "double"} for name in columns]}),
        ],
    )
    checked_description(Description(**content))
