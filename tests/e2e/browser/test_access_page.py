"""Access as an administrator gives and takes it: tokens, roles, grants, trusts and sessions."""

import json
from collections.abc import Callable

import pytest
from moorage import Client, Grant, NotFoundError
from playwright.sync_api import Route, expect

from tests.e2e.browser.person import Person
from tests.e2e.browser.scene import Scene
from tests.e2e.stack import Stack
from tests.registry.access.issuer import AUDIENCE, issuing


def test_a_token_is_made_for_a_person_rotated_and_revoked(stack: Stack, scene: Scene, admin: Person) -> None:
    name = stack.fresh_name("ci")
    admin.open("/access/tokens")
    create = admin.press("Create a token", "Create a token")
    create.get_by_label("Name").fill(name)
    create.get_by_label("Who holds it").fill("oidc:test:ada")
    create.get_by_label("Works for").select_option("7 days")
    create.get_by_label("Role").select_option("contributor")
    create.get_by_label("Models").fill(scene.model)
    expect(create.get_by_text(f"on the model {scene.model}")).to_be_visible()
    assert admin.violations() == []
    create.get_by_role("button", name="Create a token").click()
    first = admin.take_secret("The token is created", "token")
    row = admin.row(name)
    expect(row).to_contain_text("held by oidc:test:ada")
    with Client(stack.url, stack.token) as client, Client(stack.url, first) as holder:
        (made,) = [token for token in client.tokens.list() if token.name == name]
        assert (made.person, made.grants) == ("oidc:test:ada", (Grant("contributor", scene.model),))
        assert holder.models.get(scene.model).name == scene.model

        rotate = admin.press("Rotate", f"Rotate the token {name}", row)
        rotate.get_by_label("The old secret works for").select_option("An hour")
        rotate.get_by_role("button", name=f"Rotate the token {name}").click()
        second = admin.take_secret(f"{name} has a new secret", "token")
        assert second != first
        with Client(stack.url, second) as again:
            assert again.models.get(scene.model).name == scene.model

        revoke = admin.press("Revoke", f"Revoke the token {name}", row)
        admin.confirm(revoke, f"Revoke the token {name}", f"The token {name} is revoked")
        expect(row).to_contain_text("revoked")
        expect(row.get_by_role("button")).to_have_count(0)
        assert client.tokens.get(made.id).revoked_at is not None


def test_a_role_and_the_grants_that_name_it_are_made_changed_and_removed(stack: Stack, admin: Person) -> None:
    role, team = stack.fresh_name("steward"), stack.fresh_name("team")
    group = f"group:{team}"
    admin.open("/access/roles")
    create = admin.press("Create a role", "Create a role")
    create.get_by_label("Name").fill(role)
    create.get_by_role("textbox", name="Description").fill("Looks after cards.")
    create.get_by_label("edit descriptions, tags and cards").check()
    assert admin.violations() == []
    admin.confirm(create, "Create a role", f"The role {role} is saved")
    custom = admin.card("Custom roles").get_by_role("listitem").filter(has_text=role)
    expect(custom).to_contain_text("Looks after cards.")
    with Client(stack.url, stack.token) as client:
        assert set(client.roles.get(role).actions) == {"read", "annotate"}
        change = admin.press(f"Change {role}", f"Change the role {role}", custom)
        change.get_by_label("edit descriptions, tags and cards").uncheck()
        change.get_by_label("audit the whole registry").check()
        admin.confirm(change, f"Change the role {role}", f"The role {role} is saved")
        assert set(client.roles.get(role).actions) == {"read", "audit"}

        admin.go("/access/grants")
        grant = admin.press("Grant to somebody", "Grant to somebody")
        grant.get_by_label("Who").fill(group)
        grant.get_by_label("Role").select_option(role)
        admin.confirm(grant, "Save the grants", f"The grants of {group} are saved")
        row = admin.row(group)
        expect(row).to_contain_text(f"{role} on everything")
        more = admin.press("Change", f"Change the grants of {group}", row)
        more.get_by_role("button", name="Add a grant").click()
        more.get_by_label("Models").last.fill(f"{team}-*")
        limited, save = more.get_by_role("group", name="Grant 2"), more.get_by_role("button", name="Save the grants")
        limited.get_by_label("Limit it by how the data is classified").check()
        expect(limited).to_contain_text("So far it reaches nothing")
        expect(save).to_have_accessible_description("Choose the classifications that a grant is limited to.")
        limited.get_by_label("unclassified: ").check()
        limited.get_by_label("public: ").check()
        expect(limited).to_contain_text("whose data is unclassified or public, and not about people")
        admin.page.route("**/v1/grants", _refuse_the_limit)
        save.click()
        expect(limited.get_by_role("group", name="The data may be")).to_have_accessible_description("✕ Not so.")
        assert admin.violations() == []
        admin.page.unroute("**/v1/grants")
        admin.confirm(more, "Save the grants", f"The grants of {group} are saved")
        expect(row).to_contain_text(f"viewer on {team}-*, whose data is unclassified or public")
        granted = client.grants.of(group)
        viewer = Grant("viewer", f"{team}-*", ("unclassified", "public"))
        assert granted is not None and granted.grants == (Grant(role, "*"), viewer)

        late = admin.press("Change", f"Change the grants of {group}", row)
        late.get_by_label("Models").first.fill("ours-*")
        client.grants.set(group, [Grant(role, "*")])
        late.get_by_role("button", name="Save the grants").click()
        expect(late.get_by_role("alert")).to_contain_text("Somebody changed this in the meantime")
        late.get_by_role("button", name="Cancel").click()
        again = admin.press("Grant to somebody", "Grant to somebody")
        again.get_by_label("Who").fill(group)
        again.get_by_role("button", name="Save the grants").click()
        expect(again.get_by_role("alert")).to_contain_text(f"There is an entry of {group} already")
        again.get_by_role("button", name="Cancel").click()
        client.grants.set(group, granted.grants)

        admin.go("/access/who")
        admin.page.get_by_role("combobox", name="Who may").select_option("audit the whole registry")
        expect(admin.find_row(group)).to_contain_text(role)
        admin.page.get_by_label("On the model").fill(f"{team}-loans")
        admin.page.get_by_role("combobox", name="Who may").select_option("read everything but the files")
        admin.page.get_by_role("button", name="Ask").click()
        expect(admin.find_row(f"{team}-*")).to_contain_text("viewer")

        admin.go("/access/roles")
        delete = admin.press(f"Delete {role}", f"Delete the role {role}")
        delete.get_by_role("button", name=f"Delete the role {role}").click()
        expect(delete.get_by_role("alert")).to_contain_text(f"The role '{role}' is named by")
        delete.get_by_role("button", name="Cancel").click()
        admin.go("/access/grants")
        remove = admin.press("Remove", f"Remove the grants of {group}", admin.row(group))
        admin.confirm(remove, f"Remove the grants of {group}", f"The grants of {group} are removed")
        expect(admin.row(group)).to_have_count(0)
        assert client.grants.of(group) is None
        admin.go("/access/roles")
        delete = admin.press(f"Delete {role}", f"Delete the role {role}")
        admin.confirm(delete, f"Delete the role {role}", f"The role {role} is deleted")
        assert role not in {known.name for known in client.roles.list()}


def _refuse_the_limit(route: Route) -> None:
    """Refuse a change of grants for a word of a limit, as a registry does that does not know it."""
    if route.request.method == "PUT":
        fault = {"pointer": "/grants/1/classifications/0", "message": "Not so."}
        document = {"status": 400, "code": "invalid_input", "title": "Invalid", "detail": "No.", "errors": [fault]}
        route.fulfill(status=400, content_type="application/problem+json", body=json.dumps(document))
    else:
        route.continue_()


def test_a_trust_is_made_changed_and_deleted(stack: Stack, admin: Person) -> None:
    name, arn = stack.fresh_name("issuer"), "arn:aws:iam::123456789012:role/trainer"
    with Client(stack.url, stack.token) as client, issuing() as issuer:
        admin.open("/access/trusts")
        add = admin.press("Add a trust", "Add a trust")
        add.get_by_label("Name").fill(name)
        add.get_by_label("Issuer").fill(issuer.url)
        add.get_by_label("Audience").fill(AUDIENCE)
        add.get_by_label("Conditions").fill("repository = acme/models\nrepository = acme/risk\nref = refs/heads/main")
        add.get_by_label("People can sign in").check()
        add.get_by_label("Words on the button").fill("Acme")
        add.get_by_label("Client id").fill("moorage-ui")
        add.get_by_label("Client secret").fill("hush")
        assert admin.violations() == []
        admin.confirm(add, "Save the trust", f"The trust {name} is saved")
        expect(admin.card(name)).to_contain_text("Acme, as the client moorage-ui, with a secret")
        made = client.trusts.get(name)
        assert (made.issuer, made.audience) == (issuer.url, AUDIENCE)
        assert made.conditions == {"repository": ("acme/models", "acme/risk"), "ref": ("refs/heads/main",)}

        change = admin.press(f"Change {name}", f"Change the trust {name}")
        change.get_by_label("People can sign in").uncheck()
        change.get_by_label("Role").select_option("contributor")
        admin.confirm(change, "Save the trust", f"The trust {name} is saved")
        expect(admin.card(name)).to_contain_text("Not offered")
        assert client.trusts.get(name).grants == (Grant("contributor", "*"),)

        delete = admin.press(f"Delete {name}", f"Delete the trust {name}")
        admin.confirm(delete, f"Delete the trust {name}", f"The trust {name} is deleted")
        expect(admin.card(name)).to_have_count(0)
        with pytest.raises(NotFoundError):
            client.trusts.get(name)

        roles = admin.press("Add a trust", "Add a trust")
        roles.get_by_label("Name").fill(name)
        roles.get_by_label("Kind").select_option("AWS principals")
        roles.get_by_label("ARNs").fill(arn)
        admin.confirm(roles, "Save the trust", f"The trust {name} is saved")
        expect(admin.card(name)).to_contain_text(arn)
        assert client.trusts.get(name).arns == (arn,)
        client.trusts.delete(name)


def test_a_session_is_ended_by_its_person_elsewhere_and_by_an_administrator(
    stack: Stack, admin: Person, person: Callable[..., Person]
) -> None:
    name = stack.fresh_name("leaving")
    with Client(stack.url, stack.token) as client:
        token = client.tokens.create(name, [Grant("viewer", "*")]).token or ""
        here, there = person(), person()
        for one in (here, there):
            one.sign_in(token)
        here.open("/me")
        end = here.press("End", "End this session", here.card("Your sessions"))
        here.confirm(end, "End this session", "The session has ended")
        expect(here.card("Your sessions").get_by_role("button", name="End")).to_have_count(0)
        there.page.reload()
        expect(there.page.get_by_label("Token")).to_be_visible()

        admin.open("/access/sessions")
        row = admin.find_row(name)
        final = admin.press("End", f"End a session of token:{name}", row)
        admin.confirm(final, f"End a session of token:{name}", "The session has ended")
        expect(row).to_have_count(0)
        assert f"token:{name}" not in {session.principal for session in client.sessions.list()}
        here.page.reload()
        expect(here.page.get_by_label("Token")).to_be_visible()


def test_a_reader_is_told_that_access_is_not_theirs(holder: Callable[[Grant], Person]) -> None:
    one = holder(Grant("viewer", "*"))
    for tab, name in (
        ("tokens", "Create a token"),
        ("roles", "Create a role"),
        ("grants", "Grant to somebody"),
        ("trusts", "Add a trust"),
    ):
        one.open(f"/access/{tab}")
        button = one.page.get_by_role("button", name=name, exact=True)
        expect(button).to_have_attribute("aria-disabled", "true")
        expect(button).to_have_accessible_description("It needs the action administer on all models.")
        button.press("Enter")
        expect(one.page.get_by_role("dialog")).to_have_count(0)
        expect(one.page.get_by_role("alert").first).to_contain_text("Ask an administrator for a grant")
