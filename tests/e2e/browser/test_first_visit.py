"""What a first visit loads, and what the answers say."""

from collections.abc import Callable

import httpx
import pytest

from tests.e2e.browser.person import Person
from tests.e2e.stack import Stack

MOST_REQUESTS = 12
MOST_BYTES = 300_000


def test_a_first_visit_is_small(stack: Stack, person: Callable[..., Person]) -> None:
    one = person()
    loaded: list[tuple[str, int]] = []

    one.page.on("requestfinished", lambda request: loaded.append((request.url, request.sizes()["responseBodySize"])))
    one.page.goto(f"{one.url}/")
    one.page.get_by_label("Token").wait_for()
    one.page.wait_for_load_state("networkidle")
    assert len(loaded) <= MOST_REQUESTS, [url for url, _ in loaded]
    assert sum(size for _, size in loaded) <= MOST_BYTES


@pytest.mark.parametrize("path", ["/", "/ui", "/ui/", "/ui/models/any/versions/7", "/ui/no/such/page"])
def test_every_path_leads_to_the_page_that_starts_the_interface(stack: Stack, path: str) -> None:
    answer = httpx.get(f"{stack.url}{path}", follow_redirects=True, trust_env=False, timeout=60)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "require-trusted-types-for 'script'" in answer.headers["Content-Security-Policy"]


def test_assets_are_compressed_and_kept_forever_and_absent_ones_are_no_page(stack: Stack) -> None:
    page = httpx.get(f"{stack.url}/ui/", trust_env=False, timeout=60)
    name = page.text.split('src="')[1].split('"')[0].rpartition("/")[2]
    asset = httpx.get(f"{stack.url}/ui/assets/{name}", trust_env=False, timeout=60)
    assert asset.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert asset.headers["Content-Encoding"] in {"br", "gzip"}
    assert httpx.get(f"{stack.url}/ui/assets/index-00000000.js", trust_env=False, timeout=60).status_code == 404
    again = httpx.get(f"{stack.url}/ui/", headers={"If-None-Match": page.headers["ETag"]}, trust_env=False, timeout=60)
    assert again.status_code == 304
