"""docs/api.md names exactly the routes that the app has."""

import re
from pathlib import Path

from tests.api.gateway import native_routes

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


def documented() -> set[tuple[str, str]]:
    """Method and path of every call in the tables. One cell may name several methods and several paths."""
    found = set()
    for line in PAGE.read_text().splitlines():
        cell = line.split("|")[1] if line.startswith("| `") else ""
        methods: list[str] = []
        fresh = True
        for word in re.findall(r"[A-Z]+(?=[` ])|/(?:v1|auth)/[\w{}/.\-]+", cell):
            if word in METHODS:
                methods = [word] if fresh else [*methods, word]
                fresh = False
            else:
                found |= {(method, word) for method in methods}
                fresh = True
    return found


def test_the_tour_names_exactly_the_routes_of_the_app() -> None:
    served = {(method, path) for path, method in native_routes()}
    contract = {("GET", "/v1/openapi.json")}
    assert documented() | contract == served
