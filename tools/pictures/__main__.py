"""Register the models of the pictures, and take the pictures: ``python -m tools.pictures``.

It needs MOORAGE_URL and MOORAGE_TOKEN of a registry without these models, as ``make up`` prints them on a new machine,
and the browser that ``make e2e`` unpacks. A second run takes the pictures again, of the models as they are then. Open
each picture before you commit it.
"""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from moorage import Client, NotFoundError
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browser.chromium import chromium
from tests.e2e.browser.person import PATIENCE_MS, Person
from tools.pictures import fraud, neighbours, safeguards
from tools.pictures.people import People, introduced

FOLDER: Final = Path(__file__).parents[2] / "docs" / "pictures"


@dataclass(frozen=True)
class Picture:
    """A page, who looks at it and in which theme, the picture's height, and a button to press first.

    ``until`` is a text that the page shows when it has done what was asked.
    """

    name: str
    path: str
    person: str
    dark: bool = False
    height: int = 800
    press: str | None = None
    until: str | None = None


PICTURES: Final = (
    Picture("model", f"/models/{fraud.MODEL}", "grace"),
    Picture("compare", f"/models/{fraud.MODEL}/compare?v=9,11,12", "ada"),
    Picture("version", f"/models/{fraud.MODEL}/versions/{fraud.CHALLENGER}", "ada", dark=True),
    Picture("request", f"/models/{fraud.MODEL}/requests/{fraud.REQUEST}", "grace", height=1000),
    Picture(
        "audit",
        f"/audit/model:{fraud.MODEL}",
        "odile",
        dark=True,
        height=720,
        press="Verify this ledger",
        until="Verify again",
    ),
    Picture("scheme", f"/schemes/{fraud.SCHEME}", "hugo"),
    Picture("evaluation", f"/models/{safeguards.MEASURED}/versions/3/evaluations/holdout", "ada", height=1000),
    Picture("monitor", f"/models/{safeguards.MEASURED}/monitors/inputs", "ada", height=1000),
    Picture("lineage", f"/models/{safeguards.MEASURED}/versions/3/lineage", "ada", height=1100),
    Picture("security", f"/models/{safeguards.QUARANTINED}/versions/1/security", "hugo", until="in quarantine"),
)


def main() -> int:
    """Register what is missing, and take every picture. Returns the exit status."""
    expect.set_options(timeout=PATIENCE_MS)
    with Client() as admin, introduced(admin) as people, chromium() as browser:
        if _absent(admin):
            fraud.register(people)
            neighbours.register(people)
            safeguards.register(people)
        for picture in PICTURES:
            _take(browser, people, picture)
            print(f"docs/pictures/{picture.name}.png", file=sys.stderr)
    return 0


def _absent(admin: Client) -> bool:
    """Whether nothing is registered yet. The model in quarantine is what is registered last."""
    try:
        admin.models.get(safeguards.QUARANTINED)
    except NotFoundError:
        return True
    return False


def _take(browser: Browser, people: People, picture: Picture) -> None:
    context = browser.new_context(
        viewport={"width": 1280, "height": picture.height}, color_scheme="dark" if picture.dark else "light"
    )
    person = Person(f"{people.admin.url}/ui", context, context.new_page())
    person.sign_in(people.tokens[picture.person])
    person.open(picture.path)
    if picture.press is not None:
        person.page.get_by_role("button", name=picture.press).click()
    if picture.until is not None:
        expect(person.page.get_by_text(picture.until)).to_be_visible()
    _rest(person.page)
    person.page.screenshot(path=FOLDER / f"{picture.name}.png", animations="disabled")
    context.close()


def _rest(page: Page) -> None:
    """Take the focus away, so that no picture has a ring around what was used last."""
    page.evaluate("document.activeElement?.blur()")


if __name__ == "__main__":
    sys.exit(main())
