"""A model for loan decisions under the scheme `regulated`: gates, review, rollback and audit.

`make up` prints the address and the token of a local registry. Set them as MOORAGE_URL and MOORAGE_TOKEN, then run
`.venv/bin/python examples/governance.py`.
"""

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from moorage import Client, ConflictError, ForbiddenError, GateResult, Grant, Tally
from narration import console, expect, step, tell, wait_until
from rich.table import Table

VERIFIER = Path(__file__).parents[1] / "client" / "moorage" / "verify_audit_export.py"
ORIGIN = {
    "source": {"repository": "git@example.com:bank/loans.git", "commit": "9f2c1e7"},
    "datasets": [{"name": "loans", "version": "2026-10"}],
    "runtime": {"python": "3.13"},
}
CARD = {
    "model_details": "Gradient-boosted trees over the application form and the bureau's score.",
    "intended_use": "Ranking applications for consumer loans; an officer decides on each of them.",
    "evaluation_data": "Applications of October 2026, held out before training began, in all regions.",
    "ethical_considerations": "Age and postal code are not inputs; outcomes by group are measured monthly.",
}


@dataclass(frozen=True)
class People:
    """Clients of several people, each with their own token. The author may approve, but not their own versions."""

    admin: Client
    author: Client
    reviewers: Sequence[Client]
    maintainer: Client
    scanner: Client


def main() -> None:
    model = f"loans-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    with ExitStack() as opened, tempfile.TemporaryDirectory() as directory:
        people = introduce(opened, model)
        step(f"Create the model {model} with the scheme regulated, in the highest risk tier")
        people.admin.models.create(model, owner="credit risk")
        people.admin.schemes.assign(model, "regulated")
        people.admin.schemes.set_tier(model, "high", reason="it decides on loans")

        good = register(people, model, Path(directory, "good"), b"good", auc=0.91)
        enter_validation(people, model, good)
        ask_what_is_missing(people, model, good)
        document(people, model, good)
        review(people, model, good, refused_first=True)

        step("The next version takes the same steps. It is worse than it seemed")
        bad = register(people, model, Path(directory, "bad"), b"bad", auc=0.93)
        report_scan(people, model, bad)
        measure(people, model, bad)
        review(people, model, bad, refused_first=False)
        roll_back(people, model, bad, good)
        ask_the_past(people, model)
        audit(people, model, Path(directory, "audit"))


def introduce(opened: ExitStack, model: str) -> People:
    admin = opened.enter_context(Client())

    def person(name: str, *roles: str) -> Client:
        grants = [Grant(role, model) for role in roles]
        token = admin.tokens.create(f"{name}-{model}", grants, expires_in_days=1, person=name)
        return opened.enter_context(Client(admin.url, token.token))

    author = person("author", "contributor", "reviewer")
    reviewers = [person("ada", "reviewer"), person("grace", "reviewer")]
    return People(admin, author, reviewers, person("mira", "maintainer"), person("scanner", "contributor"))


def register(people: People, model: str, directory: Path, content: bytes, auc: float) -> int:
    directory.mkdir()
    (directory / "model.bin").write_bytes(content)
    version = people.author.register(model, directory, metrics={"auc": auc}, provenance=ORIGIN)
    tell(f"Registered version {version.number} with its source, data and runtime; it is in {version.stage}")
    return version.number


def enter_validation(people: People, model: str, version: int) -> None:
    step("Nobody can move the version before it is scanned; after the scan it moves automatically")
    try:
        people.maintainer.versions.transition(model, version, "validation")
    except ConflictError as refusal:
        tell(f"Refused: {refusal.message}")
        expect(refusal.code == "gates_not_met", "the gate did not pass")
    step("The author cannot vouch for the version either; the scanner has an identity of its own")
    try:
        people.author.checks.report(model, version, "scan", True)
    except ForbiddenError as refusal:
        tell(f"Refused: {refusal.message}")
        expect(refusal.code == "separation_of_duties", "nobody reports checks of their own version")
    report_scan(people, model, version)


def report_scan(people: People, model: str, version: int) -> None:
    people.scanner.checks.report(model, version, "scan", True, evidence="https://scan.example.com/7")
    wait_for_stage(people, model, version, "validation", "its gates pass")


def ask_what_is_missing(people: People, model: str, version: int) -> None:
    step("What does the move to production require? A dry run lists everything")
    dry_run = people.author.versions.explain(model, version, "production")
    show_results(dry_run.gates, dry_run.approvals)
    expect(not dry_run.allowed, f"{len(dry_run.blockers)} requirements are not met")


def document(people: People, model: str, version: int) -> None:
    step("Write the card, report the checks of validation and fairness, and record the evaluation on the holdout set")
    people.maintainer.cards.update(model, CARD)
    measure(people, model, version)


def measure(people: People, model: str, version: int) -> None:
    for check in ("validation", "fairness"):
        people.maintainer.checks.report(model, version, check, True, evidence=f"https://reports.example.com/{check}")
    people.maintainer.evaluations.record(model, version, "holdout", {"auc": 0.91})
    dry_run = people.author.versions.explain(model, version, "production")
    show_results(dry_run.gates, dry_run.approvals)
    expect(all(gate.holds for gate in dry_run.gates), "every gate passes; only the approvals are missing")


def review(people: People, model: str, version: int, *, refused_first: bool) -> None:
    step("The author requests the move; two other people must approve it")
    request = people.author.requests.open(model, version, "production", reason="validated")
    if refused_first:
        try:
            people.author.requests.approve(model, request.number)
        except ForbiddenError as refusal:
            tell(f"Refused: {refusal.message}")
            expect(refusal.code == "separation_of_duties", "nobody can approve their own work")
    for reviewer in people.reviewers:
        state = reviewer.requests.approve(model, request.number, reason="evidence complete").state
        tell(f"{reviewer.whoami().principal} approved; the request is {state}")
    wait_for_stage(people, model, version, "production", f"request {request.number} was executed")
    champion = people.admin.aliases.get(model, "champion").version
    expect(champion == version, f"{model}@champion moved with it, to version {champion}")


def roll_back(people: People, model: str, bad: int, good: int) -> None:
    step("Complaints double: one call rolls the stage back, with the reason that the scheme requires")
    returned = people.maintainer.stages.roll_back(model, "production", reason="twice as many complaints")
    expect(returned.number == good, f"version {good} is in production again")
    expect(people.admin.versions.get(model, bad).stage == "archived", f"version {bad} is archived")


def ask_the_past(people: People, model: str) -> None:
    step("Which version was in production at what time, and who put it there?")
    table = Table("time", "version", "trigger", "by", "approved by", box=None, header_style="bold")
    for move in reversed(list(people.admin.stages.history(model, "production"))):
        then = people.admin.stages.as_of(model, "production", move.time)
        approved_by = ", ".join((move.details or {}).get("approvals", []))
        table.add_row(f"{move.time:%H:%M:%S.%f}"[:-3], str(then.version), move.trigger, move.actor, approved_by)
    console.print(table)


def audit(people: People, model: str, directory: Path) -> None:
    step("Export the audit trail, and verify it with a script that is independent of the registry")
    exported = people.admin.export_audit(directory, models=[model])
    tell(f"{exported.events} events in {directory}")
    expect(verify(directory) == 0, "the export is intact")
    (ledger,) = [file for file in directory.rglob("*") if file.is_file() and file.suffix == ".jsonl"]
    content = ledger.read_bytes()
    lines = content.splitlines(keepends=True)
    ledger.write_bytes(content.replace(b"complaints", b"complimnts", 1))
    expect(verify(directory) == 1, "a changed word is detected")
    ledger.write_bytes(b"".join([*lines[:4], *lines[5:]]))
    expect(verify(directory) == 1, "a removed event is detected")


def verify(directory: Path) -> int:
    return subprocess.run([sys.executable, "-I", str(VERIFIER), str(directory)], check=False).returncode


def wait_for_stage(people: People, model: str, version: int, stage: str, why: str) -> None:
    wait_until(
        lambda: people.admin.versions.get(model, version).stage == stage,
        f"Version {version} moved to {stage} automatically: {why}",
    )


def show_results(gates: Sequence[GateResult], approvals: Sequence[Tally]) -> None:
    table = Table("", "gate or approval", "needed", box=None, header_style="bold")
    for gate in gates:
        table.add_row(mark(gate.holds), gate.gate, gate.needed)
    for tally in approvals:
        table.add_row(mark(tally.met), f"{len(tally.approved_by)} of {tally.count}", tally.needed)
    console.print(table)


def mark(holds: bool) -> str:
    return "[green]✓[/]" if holds else "[red]✗[/]"


if __name__ == "__main__":
    main()
