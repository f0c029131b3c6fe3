"""The catalogue has every type of event, with when it is made and an event that has the published form."""

import json
import re

import jsonschema

from chalicelib.api.audit.event_schema import event_schema
from chalicelib.domain.ledger import event_types
from tools.reference import events


def test_the_page_of_events_says_when_every_type_is_made_and_names_no_other() -> None:
    assert events.meanings().keys() == event_types.ALL


def test_every_type_has_an_event_of_the_published_form() -> None:
    made = events.examples()
    assert made.keys() == event_types.ALL - events.WITHOUT_EXAMPLE
    validator = jsonschema.Draft202012Validator(event_schema())
    for event_type, event in made.items():
        assert event["type"] == event_type
        validator.validate(json.loads(json.dumps(event)))


def test_the_catalogue_has_a_place_to_link_to_for_every_type() -> None:
    page = events.page()
    places = re.findall(r"^### `(\S+)` {#(\S+)}$", page, re.MULTILINE)
    assert [name for name, _ in places] == sorted(event_types.ALL)
    assert all(place == name.replace(".", "-") for name, place in places)
    # A model's own files lie beside this page's folder.
    assert not re.findall(r"\]\((?!\.\./|https?:)", page)
