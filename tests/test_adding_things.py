"""How many places of the server an addition touches, counted on the three examples of CONTRIBUTING.md."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
# Readings are for what events of earlier releases say. An addition makes no such events.
READINGS = "readings.py"
SERVER = (
    ROOT / "app.py",
    *(path for path in sorted((ROOT / "chalicelib").rglob("*.py")) if path.name != READINGS),
)
SECTION = (ROOT / "CONTRIBUTING.md").read_text().partition("## Adding things")[2].partition("\n## ")[0]


def lines_naming(word: str) -> list[tuple[str, str]]:
    """Each line of the server with the word, and the module that it is in."""
    named = re.compile(rf"\b{word}\b")
    return [
        (path.relative_to(ROOT).as_posix(), line.strip())
        for path in SERVER
        for line in path.read_text().splitlines()
        if named.search(line)
    ]


def modules_of(section: str, heading: str) -> set[str]:
    """The modules that a row of the section names."""
    (row,) = (line for line in section.splitlines() if line.startswith(f"| {heading} "))
    return set(re.findall(r"`((?:chalicelib/|app)[\w/]*\.py)`", row))


def test_a_searchable_field_of_versions_touches_five_places() -> None:
    # What ECS calls a task is another thing, and a bill of materials calls its fields as CycloneDX does.
    others = ("/deployments/", "/bom/")
    places = [(module, line) for module, line in lines_naming("task") if not any(part in module for part in others)]
    assert len(places) <= 5, places
    assert {module for module, _ in places} == modules_of(SECTION, "a searchable field of versions")


def test_an_event_type_touches_two_places() -> None:
    places = lines_naming("WEBHOOK_DISABLED")
    assert len(places) <= 2, places
    assert {module for module, _ in places} == modules_of(SECTION, "an event type")


def test_a_record_of_versions_is_its_own_modules_and_three_registrations() -> None:
    # A statement is also what in-toto and Python call one.
    named = re.compile("signed_?statement|statement_(items|routes|schemas|signed)", re.IGNORECASE)
    outside = {
        path.relative_to(ROOT).as_posix()
        for path in SERVER
        if "statement" not in path.stem and named.search(path.read_text())
    }
    assert len(outside) <= 3, outside
    assert outside == modules_of(SECTION, "a kind of record of versions")
