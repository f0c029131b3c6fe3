"""What people see when the registry or the network fails: what happened, what to do, and nothing lost."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.browser.person import Person
from tests.e2e.browser.scene import Scene
from tests.e2e.stack import Stack


def problem(status: int, code: str, detail: str) -> dict[str, Any]:
    return {
        "status": status,
        "content_type": "application/problem+json",
        "body": json.dumps(
            {"status": status, "code": code, "title": code.replace("_", " "), "detail": detail, "request_id": "r-7"}
        ),
    }


@pytest.mark.parametrize(
    ("status", "code", "advice"),
    [
        (403, "permission_denied", "Ask an administrator for a grant"),
        (404, "model_not_found", "It may have been deleted"),
        (409, "conflict", "conflict"),
        (412, "precondition_failed", "Somebody changed this in the meantime"),
        (422, "gates_not_met", "Open the version to see which gates are not met"),
        (500, "internal_error", "r-7"),
    ],
)
def test_each_refusal_is_shown_with_its_next_step(
    scene: Scene, admin: Person, status: int, code: str, advice: str
) -> None:
    admin.page.route("**/v1/models/*/overview", lambda route: route.fulfill(**problem(status, code, "It was so.")))
    admin.page.goto(f"{admin.url}/models/{scene.model}")
    alert = admin.page.get_by_role("alert").first
    expect(alert).to_contain_text("It was so.")
    expect(alert).to_contain_text(advice)
    # The rest of the page stands.
    expect(admin.page.get_by_role("navigation", name=f"Pages of {scene.model}")).to_be_visible()


@pytest.mark.parametrize(("status", "code"), [(429, "rate_limited"), (503, "unavailable")])
def test_what_passes_is_tried_again_by_itself(scene: Scene, admin: Person, status: int, code: str) -> None:
    refused = iter([True, False])

    def once(route: Route) -> None:
        if next(refused, False):
            route.fulfill(**problem(status, code, "Busy."))
        else:
            route.continue_()

    admin.page.route("**/v1/models/*/overview", once)
    admin.open(f"/models/{scene.model}")
    expect(admin.page.get_by_role("heading", name="Champion and challenger")).to_be_visible()


def test_a_card_that_fails_leaves_the_others(scene: Scene, admin: Person) -> None:
    admin.page.route("**/versions/3/transitions", lambda route: route.fulfill(**problem(500, "internal_error", "No.")))
    admin.page.goto(f"{admin.url}/models/{scene.model}/versions/3")
    expect(admin.page.get_by_role("alert")).to_contain_text("No.")
    expect(admin.page.get_by_role("heading", name="Provenance")).to_be_visible()
    admin.settle()
    admin.page.unroute("**/versions/3/transitions")
    admin.page.get_by_role("button", name="Try again").click()
    expect(admin.page.get_by_role("button", name="Move to staging")).to_be_visible()

    admin.page.route("**/compare?*", lambda route: route.fulfill(**problem(500, "internal_error", "No verdict.")))
    admin.open(f"/models/{scene.model}/versions/3/evaluations/holdout")
    metrics = admin.card("Metrics")
    expect(metrics.get_by_role("alert")).to_contain_text("No verdict.")
    admin.page.unroute("**/compare?*")
    metrics.get_by_role("button", name="Try again").click()
    expect(metrics.get_by_role("columnheader", name="Beside")).to_be_visible()


def test_without_a_network_what_was_typed_stays(scene: Scene, admin: Person) -> None:
    admin.open(f"/models/{scene.model}/versions/2")
    admin.page.get_by_role("button", name="Move to staging").click()
    admin.page.get_by_label("Reason").fill("Half a thought")
    admin.context.set_offline(True)
    admin.page.get_by_role("button", name="Move version 2 to staging").click()
    dialog = admin.page.get_by_role("dialog")
    expect(dialog.get_by_role("alert")).to_contain_text("cannot be reached")
    expect(dialog.get_by_label("Reason")).to_have_value("Half a thought")
    dialog.get_by_role("button", name="Cancel").click()
    admin.page.get_by_role("button", name="Sign out").click()
    expect(admin.page.locator(".toast")).to_contain_text("You are still signed in: The registry cannot be reached.")
    admin.context.set_offline(False)


def test_a_filter_that_is_no_filter_is_marked_where_it_breaks(admin: Person) -> None:
    admin.open("/models?q=stage%20%3D%3D%20'production'")
    expect(admin.page.get_by_role("alert").first).to_contain_text("^")


def test_words_of_a_newer_registry_are_shown_as_they_are(scene: Scene, admin: Person) -> None:
    def newer(route: Route) -> None:
        document = route.fetch().json()
        document["version"]["status"] = "QUARANTINED"
        document["version"]["stage"] = "orbit"
        route.fulfill(json=document)

    admin.page.route("**/versions/3/overview", newer)
    admin.open(f"/models/{scene.model}/versions/3")
    expect(admin.page.get_by_text("orbit").first).to_be_visible()


def test_a_page_of_an_older_release_loads_the_new_one(stack: Stack, admin: Person) -> None:
    """After a deployment, the files that an open page would load are gone."""
    admin.open("/me")
    gone: list[str] = []

    def absent(route: Route) -> None:
        if not gone:
            gone.append(route.request.url)
            route.fulfill(status=404)
        else:
            route.continue_()

    admin.page.route("**/assets/Schemes-*.js", absent)
    admin.page.get_by_role("link", name="Schemes").click()
    admin.settle()
    expect(admin.page.get_by_role("heading", name="Schemes", level=1)).to_be_visible()
    assert gone


def test_a_browser_that_forbids_copying_says_so(scene: Scene, admin: Person) -> None:
    # Without a window, Chromium asks nobody, and refuses.
    admin.open(f"/models/{scene.model}/versions/2")
    admin.page.get_by_role("button", name="Copy the version's name").click()
    expect(admin.page.get_by_text("This browser does not let the page copy.").first).to_be_visible()


def test_a_slow_registry_shows_that_it_is_awaited(scene: Scene, person: Callable[..., Person], stack: Stack) -> None:
    one = person()
    one.sign_in(stack.token)
    held: list[Route] = []
    one.page.route("**/v1/models/*/overview", lambda route: held.append(route))  # noqa: PLW0108 - playwright marks it
    one.page.goto(f"{one.url}/models/{scene.model}")
    expect(one.page.get_by_role("status", name="Loading").first).to_be_visible()
    for route in held:
        route.continue_()
    expect(one.page.get_by_role("heading", name="Champion and challenger")).to_be_visible()
    one.page.unroute("**/v1/models/*/overview")

    # What was compared before is neither seen nor pressed below the new names.
    held.clear()
    one.go(f"/models/{scene.model}/compare?v=1,3")
    one.page.route("**/compare?*", lambda route: held.append(route))  # noqa: PLW0108 - playwright marks it
    base = one.page.get_by_role("columnheader", name="(base)")
    expect(base).to_contain_text("version 1")
    one.page.get_by_role("button", name="Make base").click()
    expect(one.page.get_by_label("Versions", exact=True)).to_have_value("3, 1")
    expect(base).not_to_be_visible()
    expect(one.page.get_by_role("status", name="Loading")).to_be_visible()
    expect(one.page.get_by_role("button", name="Make base")).to_have_count(0)
    for route in held:
        route.continue_()
    expect(base).to_contain_text("version 3")
