"""What the people of these tests do for themselves."""

from collections.abc import Callable

from tests.e2e.browser.person import Person

# Presses are told a moment later, and the last page of rows takes the button away.
TABLE = """<table><tbody id="rows"><tr><td>first</td></tr></tbody></table><button id="more">Show more</button>"""
PAGES = """() => {
    const [rows, more] = [document.getElementById("rows"), document.getElementById("more")];
    let left = 2;
    more.onclick = () => setTimeout(() => {
        more.textContent = "Looking for more …";
        setTimeout(() => {
            left -= 1;
            rows.insertRow().insertCell().textContent = left === 0 ? "wanted" : "other";
            if (left === 0) more.remove(); else more.textContent = "Show more";
        }, 100);
    }, 1);
}"""


def test_a_row_is_found_that_takes_the_button_for_more_away(person: Callable[..., Person]) -> None:
    one = person()
    one.page.set_content(TABLE)
    one.page.evaluate(PAGES)
    assert one.find_row("wanted").inner_text() == "wanted"
