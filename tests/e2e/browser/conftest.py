"""People with browsers. Every test fails if a script failed or the content security policy was violated."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from moorage import Client, Grant
from playwright.sync_api import Browser, expect

from tests.e2e.browser.chromium import chromium
from tests.e2e.browser.person import PATIENCE_MS, WIDE, Person
from tests.e2e.browser.scene import Scene, set_scene
from tests.e2e.stack import Stack


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    # Closed before the other tests: as long as it runs, so does its event loop, beside which there may be no other.
    expect.set_options(timeout=PATIENCE_MS)
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def scene(stack: Stack) -> Scene:
    """A model with a bit of everything, for pages to show."""
    return set_scene(stack)


@pytest.fixture
def person(stack: Stack, browser: Browser) -> Iterator[Callable[..., Person]]:
    """Makes a person with a browser window of their own, not signed in."""
    made: list[Person] = []

    def make(**context: Any) -> Person:
        opened = browser.new_context(**{"viewport": WIDE, **context})
        one = Person(f"{stack.url}/ui", opened, opened.new_page())
        made.append(one)
        return one

    yield make
    faults = [fault for one in made for fault in one.faults]
    for one in made:
        one.context.close()
    assert faults == []


@pytest.fixture
def admin(stack: Stack, person: Callable[..., Person]) -> Person:
    """The administrator, signed in."""
    one = person()
    one.sign_in(stack.token)
    return one


@pytest.fixture
def holder(stack: Stack, person: Callable[..., Person]) -> Callable[[Grant], Person]:
    """Makes a person who has one grant, signed in."""

    def make(grant: Grant) -> Person:
        with Client(stack.url, stack.token) as client:
            token = client.tokens.create(stack.fresh_name(grant.role), [grant]).token or ""
        one = person()
        one.sign_in(token)
        return one

    return make
