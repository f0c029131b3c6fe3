"""Scans over HTTP: what they show, who asks for them, and who breaks the glass."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Role
from chalicelib.domain.instants import later
from chalicelib.domain.scanning.findings import Opinion, scanned
from chalicelib.domain.scanning.verdict import Verdict
from tests.api.gateway import Caller
from tests.api.serving import as_role
from tests.domain.scanning.findings import FOUND
from tests.registry import build
from tests.registry.scanning.states import ask, finish, quarantined, scanning, stored

SCAN = "/v1/models/fraud/versions/1/scan"
VERSION = "/v1/models/fraud/versions/1"


@pytest.fixture(autouse=True)
def version(registry: Services) -> None:
    build.model(registry)
    build.ready(registry)


@pytest.fixture
def until(registry: Services) -> str:
    return later(registry.clock(), timedelta(days=1))


def release(caller: Caller, until: str, **more: Any) -> Any:
    return caller.put(f"{SCAN}/release", {"reason": "incident 7", "expires_at": until}, **more)


def test_a_version_registered_without_scanning_is_open_and_says_so(admin: Caller) -> None:
    shown = admin.get(SCAN).document
    assert (shown["open"], shown["scan"], shown["findings"]) == (True, None, None)
    assert admin.get(VERSION).document["scan"] is None


def test_a_version_of_a_registry_that_scans_is_ready_and_pending(registry: Services, admin: Caller) -> None:
    with scanning(registry):
        build.ready(registry)
    shown = admin.get("/v1/models/fraud/versions/2").document
    assert (shown["status"], shown["scan"]["state"], shown["scan"]["allowed"]) == ("READY", "pending", False)
    refused = admin.get("/v1/models/fraud/versions/2/artifacts")
    assert (refused.status, refused.code, refused.headers["Retry-After"]) == (409, "scan_pending", "5")


def test_a_second_opinion_is_shown_beside_what_the_registry_found(registry: Services, admin: Caller) -> None:
    ask(registry)
    assert finish(registry, Verdict.CLEAN, opinion=Opinion("other 1", scanned({"model.bin": FOUND[Verdict.REVIEW]})))
    shown = admin.get(SCAN).document
    assert (shown["open"], shown["scan"]["verdict"], shown["findings"]["counts"]) == (False, "review", {"clean": 1})
    opinion = shown["findings"]["second_opinion"]
    assert (opinion["scanner"], opinion["verdict"], opinion["counts"]) == ("other 1", "review", {"review": 1})
    assert [file["path"] for file in opinion["files"]] == ["model.bin"]
    ask(registry)
    assert finish(registry, Verdict.CLEAN, opinion=Opinion("other 1", None, "It was cut off."))
    missing = admin.get(SCAN).document["findings"]["second_opinion"]
    assert (missing["verdict"], missing["failure"], missing["files"]) == ("review", "It was cut off.", [])
    ask(registry)
    assert finish(registry, Verdict.CLEAN)
    assert admin.get(SCAN).document["findings"]["second_opinion"] is None


def test_the_findings_are_shown_to_whoever_may_read_and_the_bytes_to_nobody(registry: Services, admin: Caller) -> None:
    quarantined(registry, 1)
    shown = as_role(Role.VIEWER).get(SCAN).document
    assert (shown["open"], shown["scan"]["verdict"]) == (False, "unsafe")
    (file,) = shown["findings"]["files"]
    assert (file["path"], file["imports"], file["reasons"][0]["code"]) == ("model.bin", ["os.system"], "import")
    refused = admin.get(f"{VERSION}/artifacts")
    assert (refused.status, refused.code) == (403, "quarantined")
    assert "loading it runs os.system" in refused.document["detail"]


def test_a_scan_by_alias_shows_the_version_of_the_alias(registry: Services, admin: Caller) -> None:
    admin.put("/v1/models/fraud/aliases/champion", {"version": 1})
    quarantined(registry, 1)
    by_alias, by_number = admin.get("/v1/models/fraud/versions/@champion/scan"), admin.get(SCAN)
    assert by_alias.document == by_number.document and by_alias.etag == by_number.etag


def test_whoever_registers_asks_for_a_scan_of_an_earlier_version_which_stays_open(registry: Services) -> None:
    contributor = as_role(Role.CONTRIBUTOR)
    assert as_role(Role.CONSUMER).post(SCAN).status == 403
    with scanning(registry):
        asked = contributor.post(SCAN)
    assert (asked.status, asked.document["state"], asked.document["allowed"]) == (200, "pending", True)
    assert contributor.get(f"{VERSION}/artifacts").status == 200
    finish(registry, Verdict.UNSAFE)
    assert contributor.get(f"{VERSION}/artifacts").code == "quarantined"


def test_a_registry_that_does_not_scan_says_so(admin: Caller) -> None:
    assert (admin.post(SCAN).status, admin.post(SCAN).code) == (409, "scanning_off")


def test_a_repeated_request_with_its_key_asks_once(registry: Services, admin: Caller) -> None:
    with scanning(registry):
        first, second = admin.post(SCAN, key="k1"), admin.post(SCAN, key="k1")
    assert second.headers["Idempotent-Replayed"] == "true" and first.document == second.document
    events = admin.get("/v1/models/fraud/events", query={"limit": 100}).document["items"]
    assert [event["type"] for event in events].count("scan.requested") == 1


def test_glass_is_broken_with_a_reason_by_those_who_may_override(registry: Services, admin: Caller, until: str) -> None:
    quarantined(registry, 1)
    assert release(as_role(Role.MAINTAINER), until).code == "permission_denied"
    released = release(admin, until).document["release"]
    assert (released["reason"], released["expires_at"]) == ("incident 7", until)
    manifest = admin.get(f"{VERSION}/artifacts")
    assert (manifest.document["verdict"], manifest.headers["X-Moorage-Verdict"]) == ("unsafe", "unsafe")
    assert admin.get(SCAN).document["open"] is True
    assert admin.delete(f"{SCAN}/release").status == 204
    assert admin.get(f"{VERSION}/artifacts").code == "quarantined"


def test_a_release_is_refused_without_a_reason_a_time_or_a_quarantine(
    registry: Services, admin: Caller, until: str
) -> None:
    assert release(admin, until).code == "not_quarantined"
    quarantined(registry, 1)
    assert admin.put(f"{SCAN}/release", {"expires_at": until}).status == 400
    refused = release(admin, registry.clock())
    assert refused.code == "invalid_input" and refused.document["errors"][0]["pointer"] == "/expires_at"


def test_a_release_repeated_with_its_key_is_made_once(registry: Services, admin: Caller, until: str) -> None:
    quarantined(registry, 1)
    first, second = release(admin, until, key="k1"), release(admin, until, key="k1")
    assert first.document == second.document and second.headers["Idempotent-Replayed"] == "true"


def test_a_release_on_an_outdated_version_is_refused(registry: Services, admin: Caller, until: str) -> None:
    etag = admin.get(SCAN).etag
    quarantined(registry, 1)
    assert release(admin, until, headers={"If-Match": etag}).status == 412


def test_a_result_that_comes_while_glass_is_broken_leaves_the_release(
    registry: Services, admin: Caller, until: str
) -> None:
    quarantined(registry, 1)
    with scanning(registry):
        admin.post(SCAN)
    release(admin, until)
    finish(registry, Verdict.REVIEW)
    scan = stored(registry).scan
    assert scan is not None and scan.release is not None and scan.verdict is Verdict.REVIEW
    assert admin.get(f"{VERSION}/artifacts").status == 200


def test_a_result_for_a_version_deleted_meanwhile_changes_nothing_and_it_can_be_asked_for_again(
    registry: Services, admin: Caller
) -> None:
    with scanning(registry):
        admin.post(SCAN)
    admin.delete(VERSION)
    assert not finish(registry)
    admin.post(f"{VERSION}/restore", {})
    with scanning(registry):
        assert admin.post(SCAN).status == 200
    assert finish(registry) and admin.get(SCAN).document["scan"]["verdict"] == "clean"


def test_the_overview_shows_what_decides_whether_bytes_are_given_out(registry: Services, admin: Caller) -> None:
    admin.put("/v1/models/fraud/aliases/champion", {"version": 1})
    quarantined(registry, 1)
    champion = admin.get("/v1/models/fraud/overview").document["champion"]
    assert champion["scan"]["verdict"] == "unsafe" and champion["scan"]["allowed"] is False
