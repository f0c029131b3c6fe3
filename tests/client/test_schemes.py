"""Schemes, dry runs and transition requests, with the SDK and on the command line."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from moorage import Client, ForbiddenError, Grant, InvalidRequestError
from moorage.cli import exits
from moorage.cli.main import main
from moorage.schemes import Schemes, SimulatedMove, Simulation, UnjudgedGate

from tests.client.conftest import Connect

Run = Callable[..., Result]
People = Callable[[str, str], Client]

REVIEWED = {
    "name": "reviewed",
    "initial": "development",
    "archive": "archived",
    "stages": [
        {"name": "development"},
        {"name": "production", "exclusive": True, "protected": True, "on_enter": {"aliases": ["champion"]}},
        {"name": "archived"},
    ],
    "transitions": [
        {
            "from": "development",
            "to": "production",
            "gates": [
                {"name": "auc", "kind": "metric", "metric": "auc", "at_least": 0.9},
                {"name": "scan", "kind": "scan"},
            ],
            "approvals": [{"count": 1, "roles": ["reviewer"]}],
        },
        {"from": ["development", "production"], "to": "archived"},
    ],
}


@pytest.fixture(autouse=True)
def fraud(client: Client, build: Path) -> None:
    """fraud/1, whose metric is too low, on the scheme ``reviewed``."""
    client.schemes.save("reviewed", REVIEWED)
    client.models.create("fraud")
    client.schemes.assign("fraud", "reviewed")
    client.register("fraud", build, metrics={"auc": 0.5})


@pytest.fixture
def person(client: Client, connect: Connect) -> People:
    """A client of somebody with a role on every model."""

    def made(name: str, role: str) -> Client:
        return connect(token=client.tokens.create(name, [Grant(role, "*")]).token)

    return made


@pytest.fixture
def run(connect: Connect) -> Run:
    def invoke(*arguments: str, code: int = 0, token: str | None = None) -> Result:
        given = connect if token is None else lambda url, _: connect(url, token)
        result = CliRunner().invoke(main, list(arguments), obj=given)
        assert result.exit_code == code, result.output
        return result

    return invoke


def test_the_inbox_lists_what_waits_for_a_vote(client: Client, person: People, run: Run) -> None:
    client.requests.open("fraud", 1, "production")
    (waiting,) = person("cy", "reviewer").requests.inbox()
    assert (waiting.request.model, waiting.request.number) == ("fraud", 1)
    assert waiting.waiting_for == ("me", "approvals", "gates") and len(waiting.blockers) == 3
    assert [tally.met for tally in waiting.approvals] == [False]
    assert list(client.requests.inbox()) == []
    shown = run("inbox", "--mine").stdout
    assert "fraud" in shown and "development to production" in shown and "approvals, gates" in shown
    assert [one["request"]["number"] for one in json.loads(run("inbox", "--everyone", "--json").stdout)] == [1]


def test_a_scheme_is_saved_read_and_followed(client: Client) -> None:
    assert client.schemes.of("fraud").version == 1
    saved = client.schemes.save("reviewed", {**REVIEWED, "description": "again"})
    assert (saved.version, saved.builtin, saved.saved_by) == (2, False, "token:bootstrap")
    assert client.schemes.get("reviewed", version=1).document["transitions"] == REVIEWED["transitions"]
    assert client.schemes.save("reviewed", saved.document).document["description"] == "again"
    assert {"default", "regulated", "reviewed"} <= {scheme.name for scheme in client.schemes.list()}
    assert client.schemes.set_default("reviewed").name == client.schemes.default().name == "reviewed"


def test_a_bad_scheme_is_refused_with_the_place_of_each_fault(client: Client) -> None:
    transitions = [*REVIEWED["transitions"], {"from": "development", "to": "nowhere"}]
    with pytest.raises(InvalidRequestError) as refused:
        client.schemes.save("reviewed", {**REVIEWED, "transitions": transitions})
    assert any("/transitions/2" in fault.pointer for fault in refused.value.errors)


def test_the_tier_is_set_and_shown(client: Client) -> None:
    assert client.schemes.set_tier("fraud", "high", reason="loans").scheme.name == "reviewed"
    model = client.models.get("fraud")
    assert model.scheme is not None
    assert (model.tier, model.scheme.name) == ("high", "reviewed")


def test_a_dry_run_names_every_gate_and_approval_that_is_missing(client: Client) -> None:
    found = client.versions.explain("fraud", 1, "production")
    assert not found.allowed
    assert [(gate.gate, gate.holds) for gate in found.gates] == [("auc", False), ("scan", False)]
    assert found.gates[0].actual == 0.5
    assert [(tally.count, tally.met) for tally in found.approvals] == [(1, False)]


def test_a_request_is_opened_judged_and_executed(client: Client, person: People, build: Path) -> None:
    author, reviewer = person("author", "contributor"), person("reviewer", "reviewer")
    (build / "model.bin").write_bytes(b"better")
    author.register("fraud", build, metrics={"auc": 0.95})
    due = datetime(2999, 1, 1, tzinfo=UTC)
    asked = author.requests.open("fraud", 2, "production", reason="ready", due_at=due, reviewers=["token:reviewer"])
    assert (asked.number, asked.state, asked.due_at, asked.reviewers) == (1, "open", due, ("token:reviewer",))
    with pytest.raises(ForbiddenError):
        author.requests.approve("fraud", 1)
    standing = client.requests.standing("fraud", 1)
    assert not standing.executable and standing.blockers
    client.checks.report("fraud", 2, "scan", True)
    approved = reviewer.requests.approve("fraud", 1, reason="complete")
    assert (approved.state, approved.votes[0].principal) == ("approved", "token:reviewer")
    assert client.requests.standing("fraud", 1).executable
    assert client.requests.execute("fraud", 1).stage == "production"
    assert client.aliases.get("fraud", "champion").version == 2
    assert [one.state for one in client.requests.list("fraud")] == ["executed"]
    assert list(client.requests.list("fraud", only_open=True)) == []


def test_a_request_is_rejected_and_withdrawn(client: Client, person: People) -> None:
    client.aliases.set("fraud", "candidate", 1)
    asked = client.requests.open("fraud", "@candidate", "production")
    assert asked.version == 1
    assert person("reviewer", "reviewer").requests.reject("fraud", asked.number, "too weak").state == "rejected"
    assert client.requests.withdraw("fraud", asked.number, reason="agreed").state == "withdrawn"
    assert client.requests.get("fraud", asked.number).closing_reason == "agreed"


def test_breaking_glass_is_on_record(client: Client) -> None:
    moved = client.versions.override("fraud", 1, "production", "incident 42", expected_stage="development")
    assert moved.stage == "production"
    move = next(iter(client.stages.history("fraud", "production")))
    assert (move.trigger, move.reason) == ("override", "incident 42")
    assert move.details is not None and "auc" in move.details["overridden"]


def test_as_of_says_how_the_move_was_judged(client: Client, run: Run) -> None:
    client.versions.override("fraud", 1, "production", "incident 42")
    shown = run("as-of", "fraud", "production", "2999-01-01T00:00:00Z").stdout
    facts = {line.split("  ")[0]: line.split("  ", 1)[1].strip() for line in shown.splitlines()}
    assert facts["scheme"] == "reviewed version 1"
    assert facts["gate scan"] == "failed: the check scan has not been reported"
    assert facts["overridden"].startswith("auc, scan")


def test_a_proposed_scheme_is_held_against_the_past(client: Client) -> None:
    client.versions.override("fraud", 1, "production", "incident")
    found = client.schemes.simulate("fraud", REVIEWED)
    assert found.complete and [move.to_stage for move in found.moves] == ["production"]


def test_an_alias_and_a_stage_return_to_an_earlier_version(client: Client, run: Run, build: Path) -> None:
    client.schemes.assign("fraud", "simple")
    for content in (b"two", b"three"):
        (build / "model.bin").write_bytes(content)
        client.register("fraud", build)
    for number in (1, 2, 3):
        client.versions.transition("fraud", number, "production")
        client.aliases.set("fraud", "champion", number)
    assert client.stages.roll_back("fraud", "production", to=2, reason="bad").number == 2
    assert client.aliases.roll_back("fraud", "champion", to=2).version == 2
    assert "is version 1 again" in run("rollback", "fraud", "production", "--to", "1").stdout
    assert "is version 1 again" in run("alias", "rollback", "fraud@champion", "--to", "1").stdout
    run("alias", "rollback", "fraud@champion", "--to", "3", code=exits.CONFLICT)


def test_a_refused_promotion_shows_each_gate_and_the_next_command(client: Client, run: Run) -> None:
    refused = run("promote", "fraud/1", "production", code=exits.CONFLICT).stderr
    assert "/gates/auc" in refused and "/gates/scan" in refused
    assert "try: moorage explain fraud/1 production" in refused
    client.schemes.save("reviewed", {**REVIEWED, "transitions": [_without_gates(), REVIEWED["transitions"][1]]})
    client.schemes.assign("fraud", "reviewed")
    missing = run("promote", "fraud/1", "production", code=exits.CONFLICT).stderr
    assert "try: moorage requests open fraud/1 production" in missing
    run("requests", "open", "fraud/1", "production")
    waiting = run("promote", "fraud/1", "production", code=exits.CONFLICT).stderr
    assert "try: moorage requests standing fraud 1" in waiting


def test_explaining_a_move_exits_with_whether_it_can_be_made(run: Run) -> None:
    table = run("explain", "fraud/1", "production", code=exits.CONFLICT).stdout
    assert "fraud/1 from development to production: would be refused (reviewed version 1, tier " in table
    (auc,) = [line for line in table.splitlines() if line.startswith("auc")]
    assert auc.split()[1:3] == ["failed", "0.5"]
    document = json.loads(run("explain", "fraud/1", "production", "--json", code=exits.CONFLICT).stdout)
    assert document["allowed"] is False and len(document["gates"]) == 2
    assert "request it: moorage requests open fraud/1 production" in table
    run("requests", "open", "fraud/1", "production")
    asked = run("explain", "fraud/1", "production", code=exits.CONFLICT).stdout
    assert "request 1 is open for it: moorage requests standing fraud 1" in asked
    assert "can be made" in run("explain", "fraud/1", "archived").stdout


def test_the_commands_ask_for_a_move_and_judge_it(client: Client, run: Run) -> None:
    reviewer = client.tokens.create("reviewer", [Grant("reviewer", "*")]).token
    client.checks.report("fraud", 1, "scan", True)
    opened = run("requests", "open", "fraud/1", "production", "--due", "2999-01-01", "--reviewer", "token:reviewer")
    assert "request 1 of fraud: version 1 to production" in opened.stdout
    run("requests", "open", "fraud/1", "production", code=exits.CONFLICT)
    assert "development to production" in run("requests", "list", "fraud", "--open").stdout
    run("requests", "reject", "fraud", "1", "--reason", "auc is [low]", token=reviewer)
    assert "rejected: auc is [low]" in run("requests", "show", "fraud", "1").stdout
    standing = run("requests", "standing", "fraud", "1").stdout
    assert "cannot be executed" in standing and "rejected by token:reviewer" in standing
    approved = run("requests", "approve", "fraud", "1", token=reviewer)
    assert "is approved" in approved.stdout
    assert "moorage requests standing fraud 1" in approved.stderr
    held_up = run("requests", "execute", "fraud", "1", code=exits.CONFLICT).stderr
    assert "try: moorage requests standing fraud 1" in held_up
    assert "is withdrawn" in run("requests", "withdraw", "fraud", "1", "--reason", "again later").stdout
    assert json.loads(run("requests", "show", "fraud", "1", "--json").stdout)["state"] == "withdrawn"
    assert (
        "fraud/1 is in production" in run("override", "fraud/1", "production", "--reason", "incident", "--yes").stdout
    )


def test_the_commands_save_show_assign_and_simulate_schemes(client: Client, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "scheme.yaml"
    file.write_text(yaml.safe_dump({**REVIEWED, "name": "mine"}))
    assert "saved mine as version 1" in run("schemes", "save", str(file)).stdout
    shown = run("schemes", "show", "mine").stdout
    assert yaml.safe_load(shown)["transitions"] == REVIEWED["transitions"]
    written = [line.partition(":")[0] for line in shown.splitlines() if line[0] not in " -"]
    assert [name for name in written if name in ("name", "initial", "stages", "transitions")] == [
        *("name", "initial", "stages", "transitions")
    ]
    file.write_text(json.dumps({**REVIEWED, "name": "mine", "description": "changed"}))
    assert "saved mine as version 2" in run("schemes", "save", str(file)).stdout
    assert "mine version 1" in run("schemes", "assign", "fraud", "mine", "--version", "1").stdout
    assert "tier high" in run("schemes", "tier", "fraud", "high", "--reason", "loans").stdout
    assert "built in" in run("schemes", "list").stdout
    assert "new models get mine version 2" in run("schemes", "default", "mine").stdout
    assert "new models get mine" in run("schemes", "default").stdout
    client.versions.override("fraud", 1, "production", "incident")
    assert "1 past move" in run("schemes", "simulate", "fraud", str(file)).stdout
    assert json.loads(run("schemes", "simulate", "fraud", str(file), "--json").stdout)["complete"] is True


def test_a_move_that_a_gate_may_have_refused_is_not_called_allowed(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gap = UnjudgedGate("built", "the attestation slsa was recorded again or withdrawn since")
    when = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    moves = [
        SimulatedMove(number, when, "token:ada", number, "development", "production", "request", allowed, why, (gap,))
        for number, allowed, why in ((1, True, ()), (2, False, ("gate scan: it failed; needed: a scan",)))
    ]
    simulated = Simulation("fraud", tuple(moves), 1, complete=True)
    monkeypatch.setattr(Schemes, "simulate", lambda *_: simulated)
    file = tmp_path / "scheme.json"
    file.write_text(json.dumps(REVIEWED))
    shown = run("schemes", "simulate", "fraud", str(file)).stdout
    words = " ".join(shown.split())
    assert "perhaps" in words and "refused" in words and "allowed" not in words
    assert words.count("gate built was not judged: the attestation slsa was recorded again") == 2
    assert words.endswith("1 of 2 past moves would have been refused; 1 might have been, as gates could not be judged")


def test_a_refused_scheme_says_its_only_fault_once(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "scheme.yaml"
    gate = {"name": "bad", "kind": "condition", "expression": "metrics.auc >"}
    file.write_text(
        yaml.safe_dump({**REVIEWED, "name": "mine", "transitions": [{**_without_gates(), "gates": [gate]}]})
    )
    stderr = run("schemes", "save", str(file), code=exits.INVALID).stderr
    assert stderr.count("/transitions/0/gates/0/expression") == 1
    assert "Syntax error: unexpected end of the expression" in stderr


@pytest.mark.parametrize("content", ["a: [", "name: 2026-01-01", "- a", "initial: a", "when: 2026-01-01\nname: a"])
def test_a_file_that_is_no_scheme_is_a_usage_error(run: Run, tmp_path: Path, content: str) -> None:
    file = tmp_path / "scheme.yaml"
    file.write_text(content)
    run("schemes", "save", str(file), code=exits.USAGE)


def _without_gates() -> dict[str, object]:
    return {"from": "development", "to": "production", "approvals": [{"count": 1, "roles": ["reviewer"]}]}
