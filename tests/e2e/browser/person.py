"""A person at a browser, and what must never happen while they use the interface."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, ViewportSize, expect

AXE: Final = Path(__file__).parents[3] / "web" / "node_modules" / "axe-core" / "axe.min.js"
AXE_RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE: Final[ViewportSize] = {"width": 1440, "height": 900}
# The emulator starts a process for each concurrent call.
PATIENCE_MS: Final = 60_000
# Looks for a row and presses in one step: rows that arrive between the two may take the button away.
FOUND_OR_MORE: Final = """text => {
    if ([...document.querySelectorAll("tr")].some(row => row.textContent.includes(text))) return true;
    [...document.querySelectorAll("button")].find(button => button.textContent === "Show more")?.click();
    return false;
}"""


@dataclass
class Person:
    """Somebody with a browser window of their own. ``faults`` are violations of the policy, and errors of scripts."""

    url: str
    context: BrowserContext
    page: Page
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.set_default_timeout(PATIENCE_MS)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.faults.append(message.text)

    def sign_in(self, token: str) -> None:
        """Paste a token at the interface's address."""
        self.page.goto(f"{self.url}/")
        self.page.get_by_label("Token").fill(token)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.locator("#main h1")).to_be_visible()

    def open(self, path: str) -> None:
        """Open a page of the interface and wait until its content is there."""
        self.page.goto(f"{self.url}{path}")
        self.settle()

    def go(self, path: str) -> None:
        """Go to a page of the interface without loading the interface again, as its links do."""
        address = f"{self.url}{path}"
        self.page.evaluate("address => history.pushState(null, '', address)", address)
        self.page.evaluate("() => dispatchEvent(new PopStateEvent('popstate'))")
        self.page.wait_for_url(address)
        self.settle()

    def settle(self) -> None:
        """Wait until nothing is loaded any more."""
        expect(self.page.locator("h1").first).to_be_visible()
        self.page.wait_for_load_state("networkidle")
        expect(self.page.get_by_role("status", name="Loading")).to_have_count(0)

    def dialog(self, title: str) -> Locator:
        """The dialog with this title. Messages are dialogs too, to screen readers, so it is not told by its role."""
        return self.page.locator(".dialog").filter(has=self.page.get_by_role("heading", name=title, exact=True))

    def press(self, button: str, dialog: str, within: Locator | None = None) -> Locator:
        """Press a button of the page, or of a part of it, and return the dialog that it opens, by its title."""
        (within or self.page).get_by_role("button", name=button, exact=True).click()
        opened = self.dialog(dialog)
        expect(opened).to_be_visible()
        return opened

    def confirm(self, dialog: Locator, button: str, said: str) -> None:
        """Press the button of a dialog that acts. It says what it did, and closes."""
        dialog.get_by_role("button", name=button, exact=True).click()
        # An earlier message may say the same.
        expect(self.page.locator(".toast").filter(has_text=said).first).to_be_visible()
        expect(dialog).to_have_count(0)

    def take_secret(self, title: str, what: str) -> str:
        """Read the secret that a dialog shows once. Only its button closes it, and then the secret is gone."""
        shown = self.dialog(title)
        secret = shown.get_by_role("group", name=what).inner_text()
        self.page.keyboard.press("Escape")
        expect(shown).to_be_visible()
        shown.get_by_role("button", name="I have copied it").click()
        expect(shown).to_have_count(0)
        assert secret not in self.page.content()
        return secret

    def card(self, title: str) -> Locator:
        """The part of the page with this title."""
        return self.page.get_by_role("region", name=title, exact=True)

    def row(self, text: str) -> Locator:
        """The row of a table that holds a text."""
        return self.page.get_by_role("row").filter(has_text=text)

    def find_row(self, text: str) -> Locator:
        """The row that holds a text, of a table that shows its next page at the press of a button."""
        self.page.wait_for_function(FOUND_OR_MORE, arg=text)
        return self.row(text)

    def violations(self) -> list[str]:
        """What axe finds wrong with what is shown."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text())
        found: dict[str, Any] = self.page.evaluate("rules => axe.run(document, {runOnly: rules})", AXE_RULES)
        return [
            f"{violation['id']}: {node['html'][:160]}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]
