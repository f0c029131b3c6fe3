"""Models, versions and comparisons in a notebook."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from moorage import Client, PromotionRule

HOSTILE = "<script>alert('x')</script>&\"<img src=x onerror=y>"


class Reader(HTMLParser):
    """Reads the rows of a table, and every element and attribute there is."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag != "br":
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag == "br":
            self.rows[-1][-1] += "; "

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.rows[-1][-1] += data

    @property
    def facts(self) -> dict[str, str]:
        return {row[0]: row[1] for row in self.rows if len(row) == 2}


def read(shown: Any) -> Reader:
    return Reader(shown._repr_html_())


@pytest.fixture(autouse=True)
def made(client: Client) -> None:
    at = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    client.models.create("fraud", owner="risk", tags={"team": "risk"}, metadata={"review": {"at": at}})
    client.register("fraud", metrics={"auc": 0.9}, parameters={"depth": 4})
    client.register("fraud", metrics={"auc": 0.97, "loss": 0.25}, parameters={"depth": 5}, label="1.1.0")
    client.aliases.set("fraud", "champion", 1)


def test_a_model_shows_its_facts_and_leaves_out_what_is_empty(client: Client) -> None:
    facts = read(client.models.get("fraud")).facts
    assert (facts["owner"], facts["versions"], facts["tags"]) == ("risk", "2", "team: risk")
    assert (facts["aliases"], facts["metadata"]) == ("champion: 1", "review.at: 2026-11-23 09:30 UTC")
    assert "description" not in facts and "frozen" not in facts
    client.lifecycle.freeze("fraud", "incident 42")
    assert read(client.models.get("fraud")).facts["frozen"] == "by token:bootstrap: incident 42"


def test_a_version_shows_its_metrics_and_its_lock(client: Client) -> None:
    client.lifecycle.lock("fraud", 2, "audited")
    shown = read(client.versions.get("fraud", 2))
    assert shown.rows[0] == ["Version fraud/2"]
    assert (shown.facts["metrics"], shown.facts["label"]) == ("auc: 0.97; loss: 0.25", "1.1.0")
    assert shown.facts["locked"].endswith(": audited")


def test_a_version_counts_the_columns_of_its_signature_and_names_what_is_nested_by_its_path(client: Client) -> None:
    columns = [{"name": "age", "type": "double"}, {"name": "income", "type": "double"}]
    runtime = {"python": "3.11.7", "requirements": ["numpy==2.4.6"]}
    signature = {"inputs": columns, "outputs": "a score"}
    client.register("fraud", signature=signature, provenance={"author": "ada", "runtime": runtime})
    facts = read(client.versions.get("fraud", 3)).facts
    assert facts["signature"] == "inputs: 2; outputs: a score"
    assert facts["provenance"] == "author: ada; runtime.python: 3.11.7; runtime.requirements: numpy==2.4.6"


def test_an_alias_shows_where_it_points_and_that_it_is_protected(client: Client) -> None:
    shown = read(client.aliases.get("fraud", "champion"))
    assert shown.rows[0] == ["Alias fraud@champion"]
    assert shown.facts["version"] == "1" and shown.facts["updated"].endswith(" UTC by token:bootstrap")
    assert "protected" not in shown.facts
    client.aliases.protect("fraud", "champion")
    assert read(client.aliases.get("fraud", "champion")).facts["protected"] == "yes"


def test_a_card_shows_its_sections_and_fields_and_no_date_before_it_is_written(client: Client) -> None:
    assert read(client.cards.get("fraud")).rows == [["Card of fraud, revision 0"]]
    shown = read(client.cards.update("fraud", {"intended_use": "Ranking alerts."}, {"license": "apache-2.0"}))
    assert shown.rows[0] == ["Card of fraud, revision 1"]
    assert (shown.facts["intended_use"], shown.facts["fields"]) == ("Ranking alerts.", "license: apache-2.0")
    assert shown.facts["updated"].endswith(" UTC by token:bootstrap")


def test_a_comparison_has_a_column_for_each_version_and_says_how_far_metrics_differ(client: Client) -> None:
    client.models.set_promotion_rule("fraud", PromotionRule("auc", "production", at_least=0.99))
    client.evaluations.record("fraud", 1, "holdout", {"f1": 0.5})
    rows = read(client.versions.compare("fraud", 1, 2)).rows
    assert rows[0] == ["Versions of fraud", "1", "2 1.1.0"]
    assert ["auc ↑", "0.9", "0.97 (+0.07)"] in rows
    assert ["depth", "4", "5"] in rows
    assert rows[rows.index(["evaluations.holdout"]) + 1] == ["f1", "0.5", "–"]
    assert ["aliases", "champion", ""] in rows


def test_overviews_show_what_matters_most(client: Client) -> None:
    client.checks.report("fraud", 2, "ci", False)
    model = read(client.models.overview("fraud")).facts
    assert model["champion"] == "version 1 in development" and model["stages"] == "development: 2, 1"
    version = read(client.versions.overview("fraud", 2)).facts
    assert (version["checks"], version["compared to"]) == ("ci: failed", "alias:champion, version 1")


def test_no_text_of_the_registry_becomes_markup(client: Client) -> None:
    client.models.update("fraud", description=HOSTILE, owner=HOSTILE, tags={"a": HOSTILE}, metadata={"<b>": HOSTILE})
    client.register("fraud", label=None, description=HOSTILE, parameters={"<i id=x>": HOSTILE}, tags={"t": HOSTILE})
    client.checks.report("fraud", 3, "ci", True)
    client.evaluations.record("fraud", 3, "holdout", {"<i>": 1})
    client.cards.update("fraud", {"intended_use": HOSTILE})
    for shown in (
        client.cards.get("fraud"),
        client.aliases.get("fraud", "champion"),
        client.models.get("fraud"),
        client.versions.get("fraud", 3),
        client.versions.compare("fraud", 1, 3),
        client.models.overview("fraud"),
        client.versions.overview("fraud", 3),
    ):
        text = shown._repr_html_()
        page = Reader(text)
        assert page.elements <= {"table", "tr", "th", "td", "br"}
        assert page.attributes <= {"style", "colspan"}
        # Colours come from the page, so that the table can be read on a dark one too.
        assert not re.search(r"background|color: |#[0-9a-f]{3}", text.partition("&lt;")[0])
    assert HOSTILE in read(client.versions.get("fraud", 3)).facts["description"]
