"""Sentences of the docs that would become false without notice."""

import re
from datetime import timedelta
from pathlib import Path

from chalicelib.domain.access.administrators import MAX_ADMINISTRATORS
from chalicelib.domain.access.principal import MAX_GRANTS, Action
from chalicelib.domain.access.roles import MAX_HOLDERS, MAX_ROLES
from chalicelib.domain.access.subjects import MAX_GROUPS
from chalicelib.domain.access.trust import MAX_TRUSTS
from chalicelib.domain.aliases.protection import MAX_PROTECTED
from chalicelib.domain.deployments.opening import MAX_PLACES
from chalicelib.domain.deployments.target import MAX_TARGETS
from chalicelib.domain.documents import MAX_TAGS
from chalicelib.domain.evidence.attestation import MAX_ATTESTATIONS
from chalicelib.domain.evidence.check import MAX_CHECKS
from chalicelib.domain.evidence.evaluation import MAX_EVALUATIONS
from chalicelib.domain.evidence.evidence_file import MAX_FILES as MAX_EVIDENCE_FILES
from chalicelib.domain.lifecycle.restriction_decisions import MAX_LOCKED
from chalicelib.domain.limits import Limits
from chalicelib.domain.models.model import MAX_ALIASES
from chalicelib.domain.monitoring.monitor import MAX_MONITORS
from chalicelib.domain.promotion.transition_request import MAX_OPEN, MAX_OPEN_OF_VERSION, MAX_REVIEWERS, MAX_VOTES
from chalicelib.domain.schedules.schedule import MAX_SCHEDULES
from chalicelib.domain.signing.signature import MAX_SIGNATURES
from chalicelib.domain.signing.trusted_signer import MAX_SIGNERS
from chalicelib.domain.versions.manifest import MAX_FILES
from chalicelib.domain.vulnerabilities.statement import MAX_STATEMENTS
from chalicelib.domain.webhooks.deliveries import LONGEST_PAUSE, LONGEST_RETRY_AFTER, RETRY_PAUSES
from chalicelib.registry.ledger import receipts

ROOT = Path(__file__).parents[1]


def page(name: str) -> str:
    """A page's text, its lines joined."""
    return " ".join((ROOT / "docs" / name).read_text(encoding="utf-8").split())


def test_the_page_of_events_names_every_actor_that_is_not_a_caller() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "chalicelib").rglob("*.py")]
    actors = {name for source in sources for name in re.findall(r'Principal\("([a-z:]+)", \(\)\)', source)}
    (named,) = re.findall(r"\| `actor` \|(.*?)\|", page("events.md"))
    assert actors - {"anonymous"} <= set(re.findall(r"`([^`]+)`", named))


def test_the_pauses_between_deliveries_are_those_of_the_page() -> None:
    named = "5 s, 30 s, 2 min, 10 min, 30 min, 1 h, 3 h and 6 h"
    units = {"s": "seconds", "min": "minutes", "h": "hours"}
    found = tuple(timedelta(**{units[unit]: int(count)}) for count, unit in re.findall(r"(\d+) (s|min|h)\b", named))
    assert f"are {named}." in page("events.md")
    assert found == RETRY_PAUSES[:-1]
    assert (RETRY_PAUSES[-1] * 0.9, LONGEST_PAUSE) == (timedelta(hours=10, minutes=48), timedelta(hours=11, minutes=50))
    assert "between 10 h 48 min and 11 h 50 min" in page("events.md")
    assert timedelta(hours=1) == LONGEST_RETRY_AFTER and "at most one hour counts" in page("events.md")


def test_a_receipt_is_kept_as_long_as_the_pages_say() -> None:
    assert timedelta(hours=24) == receipts._LIFETIME
    assert "receipt is kept for 24 hours" in page("architecture.md")
    assert "registry keeps for 24 hours" in page("api.md")


def test_the_page_of_operations_has_every_limit_and_its_default() -> None:
    section = page("operations.md").split("### Limits")[1].split("## Upgrade")[0]
    rows = {name: int(value.replace(",", "")) for name, value in re.findall(r"\| `(\w+)` \| ([\d,]+) \|", section)}
    assert rows == {name: getattr(Limits(), name) for name in Limits.__dataclass_fields__}


def test_the_tour_of_the_api_has_the_bounds_that_nobody_can_raise() -> None:
    section = page("api.md").split("## Bounds")[1]
    of_a_model = (
        f"{MAX_ALIASES} aliases, {MAX_PROTECTED} protected aliases, {MAX_TAGS} tags, {MAX_OPEN} open requests, "
        f"{MAX_MONITORS} monitors, {MAX_PLACES} targets that it is deployed on, {MAX_LOCKED} locked versions"
    )
    of_a_version = (
        f"{MAX_FILES:,} files, {MAX_TAGS} tags, {MAX_OPEN_OF_VERSION} open requests, {MAX_CHECKS} checks, "
        f"{MAX_EVALUATIONS} evaluations, {MAX_EVIDENCE_FILES} evidence files, {MAX_ATTESTATIONS} attestations, "
        f"{MAX_SIGNATURES} signatures besides the registry's own, {MAX_STATEMENTS} statements about vulnerabilities"
    )
    of_a_registry = (
        f"{MAX_ROLES} custom roles, {MAX_TRUSTS} trusts, {MAX_SIGNERS} signers, {MAX_SCHEDULES} schedules, "
        f"{MAX_TARGETS} targets. {MAX_ADMINISTRATORS} tokens"
    )
    of_a_request = f"{MAX_REVIEWERS} reviewers, {MAX_VOTES} votes"
    for bounds in (of_a_registry, f"{MAX_GRANTS} grants, {MAX_GROUPS} groups", of_a_model, of_a_version, of_a_request):
        assert bounds in section
    assert MAX_ADMINISTRATORS == MAX_HOLDERS


def test_the_page_about_automation_has_every_setting_of_every_format() -> None:
    sources = (ROOT / "chalicelib" / "domain" / "triggers").glob("*.py")
    settings = {
        name for source in sources for name in re.findall(r'"(\w+)": Setting\(', source.read_text(encoding="utf-8"))
    }
    section = page("guides/automation.md").split("## Settings")[1].split(" ## ")[0]
    assert len(settings) > 20
    assert {name for name in settings if f"`{name}`" not in section} == set()


def test_the_page_about_security_says_of_every_action_what_it_allows() -> None:
    section = page("security.md").split("| action | allows to |")[1].split("Custom roles")[0]
    assert re.findall(r"\| `(\w+)` \|", section) == [action.value for action in Action]
