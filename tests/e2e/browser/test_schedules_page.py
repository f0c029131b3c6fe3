"""Schedules as people see them: what comes next, and firing one or turning it off and on."""

from collections.abc import Callable

from moorage import Client
from playwright.sync_api import expect

from tests.e2e.browser.person import Person
from tests.e2e.browser.scene import Scene
from tests.e2e.stack import Stack


def test_a_schedule_is_fired_and_turned_off_and_on(stack: Stack, admin: Person) -> None:
    name = stack.fresh_name("retrain")
    with Client(stack.url, stack.token) as client:
        client.schedules.create(name, cron="0 6 * * MON", payload={"workflow": "train"})
        admin.open("/schedules")
        fire = admin.press(f"Fire now {name}", f"Fire the schedule {name} now")
        admin.confirm(fire, "Fire it now", f"The schedule {name} has fired")
        assert client.schedules.get(name).firings == 1

        off = admin.press(f"Turn off {name}", f"Turn off the schedule {name}")
        admin.confirm(off, "Turn it off", f"The schedule {name} is off")
        assert not client.schedules.get(name).enabled
        on = admin.press(f"Turn on {name}", f"Turn on the schedule {name}")
        admin.confirm(on, "Turn it on", f"The schedule {name} is on")
        assert client.schedules.get(name).enabled

        admin.page.get_by_role("link", name=name).click()
        shown = admin.dialog(f"Schedule {name}")
        expect(shown).to_contain_text("1 time, last at")
        expect(shown.get_by_role("listitem")).to_have_count(5)
        client.schedules.delete(name)


def test_who_may_not_read_all_models_is_not_led_to_schedules(scene: Scene, person: Callable[..., Person]) -> None:
    reader = person()
    reader.sign_in(scene.tokens["viewer"])
    menu = reader.page.get_by_role("navigation", name="Main")
    expect(menu.get_by_role("link", name="Models")).to_be_visible()
    for page in ("Targets", "Schedules"):
        expect(menu.get_by_role("link", name=page)).to_have_count(0)
