"""How text names models and versions, and which version ``@latest`` is."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moorage import Client, NotFoundError
from moorage.references import LATEST, Reference, parse_reference


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("fraud", Reference("fraud")),
        ("fraud/3", Reference("fraud", 3)),
        ("fraud@champion", Reference("fraud", "@champion")),
        ("fraud/@champion", Reference("fraud", "@champion")),
        ("fraud@latest", Reference("fraud", LATEST)),
        ("a@b/3", Reference("a@b", 3)),
        ("a@b/@champion", Reference("a@b", "@champion")),
        ("a@b@champion", Reference("a@b", "@champion")),
        ("@handle", Reference("@handle")),
    ],
)
def test_a_reference_names_a_model_or_a_version(text: str, reference: Reference) -> None:
    assert parse_reference(text) == reference


@pytest.mark.parametrize("text", ["", "fraud/", "/3", "fraud/x", "fraud/3/4", "fraud/@", "fraud/-1", "fraud/²"])
def test_what_names_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not of the form MODEL, MODEL/NUMBER, MODEL@ALIAS") as refused:
        parse_reference(text)
    assert str(refused.value).startswith(repr(text))


@given(
    model=st.text(min_size=1).filter(lambda name: "/" not in name),
    version=st.integers(1, 10**6) | st.sampled_from(["@champion", LATEST]),
)
def test_a_printed_reference_is_read_back(model: str, version: int | str) -> None:
    assert parse_reference(str(Reference(model, version))) == Reference(model, version)


def test_the_latest_version_is_the_newest_that_is_ready(client: Client, build: Path) -> None:
    client.register("fraud", build)
    client.register("fraud", build)
    client.versions.create("fraud", [{"path": "model.bin", "size": 1, "sha256": "0" * 64}])
    assert client.versions.latest("fraud").number == 2


def test_a_model_without_ready_versions_has_no_latest_one(client: Client) -> None:
    client.get_or_create_model("fraud")
    client.versions.create("fraud", [{"path": "model.bin", "size": 1, "sha256": "0" * 64}])
    with pytest.raises(NotFoundError, match="fraud has no READY version: register one"):
        client.versions.latest("fraud")
