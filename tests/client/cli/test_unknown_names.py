"""A name that nobody has is said to be unknown, with those that there are."""

from pathlib import Path

import pytest
from moorage import Client
from moorage.cli import exits

from tests.client.cli.conftest import RunInTerminal

GATED = """\
name: gated
initial: development
archive: archived
stages: [{name: development}, {name: production}, {name: archived}]
transitions:
  - {from: development, to: production, gates: [{name: good, kind: metric, metric: acu, at_least: 0.9}]}
  - {from: [development, production], to: archived}
"""


@pytest.fixture(autouse=True)
def fraud(client: Client) -> None:
    client.register("fraud", metrics={"auc": 0.9, "loss": 0.2}, tags={"team": "risk"})
    client.aliases.set("fraud", "champion", 1)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("best", "fraud", "acu"), "no version of fraud has a metric acu; there are auc, loss. Did you mean auc?"),
        (("series", "fraud", "acu"), "no version of fraud has a metric acu; there are auc, loss. Did you mean auc?"),
        (("leaderboard", "f1"), "no version has a metric f1; there are auc, loss"),
        (("alias", "history", "fraud@champoin"), "fraud has the alias champion. Did you mean champion?"),
        (("show", "fraud@champoin"), "fraud has the alias champion. Did you mean champion?"),
        (("stages", "fraud", "--history", "prodution"), "Did you mean production?"),
        (("promote", "fraud/1", "stagin"), "Did you mean staging?"),
        (("show", "fruad"), "Did you mean fraud?"),
        (("show", "fraud/7"), "The last version of fraud is 1."),
    ],
)
def test_the_error_names_what_there_is(terminal: RunInTerminal, arguments: tuple[str, ...], sentence: str) -> None:
    assert sentence in terminal(*arguments, code=exits.NOT_FOUND).words


def test_a_search_that_finds_nothing_names_keys_that_nobody_has(terminal: RunInTerminal) -> None:
    found = terminal("search", "versions", "metrics.acu > 0.1 AND tags.`teem` = 'x' AND metrics.auc > 0")
    assert "nothing found" in found.stdout
    assert found.words == (
        "none of the newest versions has metrics.acu; there are auc, loss. Did you mean auc? "
        "none of the newest versions has tags.teem; there are team. Did you mean team?"
    )
    assert terminal("search", "versions", "metrics.auc > 2").stderr == ""


def test_a_rule_and_a_gate_on_a_metric_that_no_version_has_are_warned_about(
    client: Client, terminal: RunInTerminal, tmp_path: Path
) -> None:
    rule = ("models", "rule", "fraud", "--to", "production", "--at-least", "0.9")
    assert "warning: none of the newest versions of fraud has a metric acu" in terminal(*rule, "--metric", "acu").words
    assert client.models.promotion_rule("fraud").metric == "acu"
    assert terminal(*rule, "--metric", "auc").stderr == ""
    terminal("models", "rule", "fraud", "--clear")
    scheme = tmp_path / "scheme.yaml"
    scheme.write_text(GATED)
    assert "has a metric acu; there are auc, loss" in terminal("schemes", "save", str(scheme)).words
    assert "of fraud has a metric acu" in terminal("schemes", "assign", "fraud", "gated").words
