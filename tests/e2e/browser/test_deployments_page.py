"""Targets and deployments as people see them: made, deployed to by hand, failed, tried again, deleted."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from moorage import Client, NotFoundError
from playwright.sync_api import expect

from tests.e2e.browser.person import Person
from tests.e2e.browser.scene import Scene
from tests.e2e.stack import Stack, eventually


def test_a_target_is_made_deployed_to_tried_again_and_deleted(stack: Stack, admin: Person, tmp_path: Path) -> None:
    model, target = stack.fresh_name("shop"), stack.fresh_name("cluster")
    (tmp_path / "weights.bin").write_bytes(b"weights")
    with Client(stack.url, stack.token) as client:
        client.register(model, tmp_path)
        admin.open("/targets")
        create = admin.press("Create a target", "Create a target")
        create.get_by_label("Name", exact=True).fill(target)
        create.get_by_label("Deploys versions that").select_option("an alias is pointed at")
        create.get_by_label("Alias", exact=True).fill("@champion")
        create.get_by_label("Models").fill(model)
        admin.confirm(create, "Create the target", "The target is created")
        made = client.targets.get(target)
        assert (made.kind, made.alias, made.stage, made.models) == ("external", "champion", None, (model,))

        admin.open(f"/models/{model}/deployments")
        deploy = admin.press("Deploy by hand", f"Deploy a version of {model}")
        deploy.get_by_label("Version").fill("1")
        deploy.get_by_label("Target").fill(target)
        deploy.get_by_role("button", name="Deploy", exact=True).click()
        expect(deploy.get_by_role("alert")).to_contain_text("takes the versions of its alias 'champion'")
        deploy.get_by_role("button", name="Cancel").click()

        client.aliases.set(model, "champion", 1)
        number = _opened(client, model)
        client.deployments.report(model, number, "failed", detail="The probe failed.")
        admin.open(f"/models/{model}/deployments?status=failed")
        expect(admin.card("Deployments")).to_contain_text("The probe failed.")
        admin.page.get_by_role("link", name=f"Deployment {number}", exact=True).click()
        details = admin.dialog(f"Deployment {number}")
        expect(details).to_contain_text("the target's alias was pointed at the version")
        details.get_by_role("button", name="Try again").click()
        again = admin.dialog(f"Try deployment {number} again")
        again.get_by_label("Reason").fill("The probe is fixed.")
        again.get_by_role("button", name="Try again").click()
        expect(admin.page.locator(".toast").filter(has_text=f"Deployment {number} is pending again")).to_be_visible()
        assert client.deployments.get(model, number).attempt == 2
        client.deployments.report(model, number, "succeeded")

        admin.open(f"/models/{model}/versions/1/release")
        told = admin.page.locator(".timeline").inner_text()
        steps = ("registered version 1", "pointed @champion", "opened", "failed", "tried again", "succeeded")
        assert [step for step in steps if step not in told] == []
        assert re.search(".*".join(map(re.escape, steps)), told, re.DOTALL), told
        admin.page.get_by_role("link", name=f"deployment {number}").first.click()
        expect(admin.dialog(f"Deployment {number}")).to_contain_text("succeeded at attempt 2")

        admin.open(f"/targets/{target}")
        expect(admin.card("What it serves")).to_contain_text("as wanted")
        delete = admin.press("Delete", f"Delete the target {target}")
        admin.confirm(delete, "Delete the target", f"The target {target} is deleted")
        with pytest.raises(NotFoundError):
            client.targets.get(target)


def test_a_model_is_taken_off_a_target_by_those_who_may_deploy(
    stack: Stack, scene: Scene, admin: Person, person: Callable[..., Person]
) -> None:
    reader = person()
    reader.sign_in(scene.tokens["viewer"])
    reader.open(f"/models/{scene.model}/deployments")
    expect(reader.card("Where it is deployed")).to_contain_text(scene.target)
    expect(reader.page.get_by_role("button", name="Deploy by hand")).to_have_attribute("aria-disabled", "true")
    expect(reader.page.get_by_role("button", name="Take off")).to_have_count(0)

    with Client(stack.url, stack.token) as client:
        target = stack.fresh_name("shadow")
        client.targets.set(target, environment="shadow", models=[scene.model], stage="production")
        client.deployments.open(scene.model, 1, target)
        admin.open(f"/models/{scene.model}/deployments")
        leave = admin.press(f"Take off {target}", f"Take {scene.model} off {target}")
        admin.confirm(leave, "Take it off", f"{scene.model} is off {target}")
        assert target not in [place.target for place in client.deployments.where(scene.model)]
        client.targets.delete(target)


def _opened(client: Client, model: str) -> int:
    """The number of the deployment that the move of the alias opens."""
    return eventually(lambda: next(iter(client.deployments.list(model)), None), "a deployment").number
