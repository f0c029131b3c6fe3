"""A version at a glance, in two reads whatever there is of it."""

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.errors import AliasNotFoundError, ModelNotFoundError, VersionNotFoundError
from chalicelib.registry.aliases import aliases
from chalicelib.registry.overviews.version_overview import get_version_overview
from chalicelib.registry.versions import versions
from tests.registry.build import MODEL, model, ready, request
from tests.registry.faults import Calls
from tests.registry.governed import asked, governed
from tests.registry.overviews.between import between_reads


def champion(registry: Services) -> None:
    """A model whose champion is version 1, and another version."""
    model(registry)
    for auc in (0.5, 0.6):
        ready(registry, metrics={"auc": auc})
    aliases.set_alias(registry, request(), MODEL, "champion", 1, None, None)


def test_a_version_costs_one_read_alone_and_two_with_what_only_the_head_knows(registry: Services) -> None:
    champion(registry)
    calls = Calls(registry.client("dynamodb"))
    for ref, reads in (("1", 1), ("2", 2), ("@champion", 2)):
        calls.operations.clear()
        get_version_overview(registry, MODEL, ref)
        assert calls.operations == ["BatchGetItem"] * reads, ref


def test_a_version_with_open_requests_costs_two_reads(registry: Services) -> None:
    governed(registry)
    asked(registry)
    calls = Calls(registry.client("dynamodb"))
    shown = get_version_overview(registry, MODEL, "1")
    assert calls.operations == ["BatchGetItem"] * 2
    assert [one.number for one in shown.requests] == [1]


def test_a_champion_that_goes_between_the_reads_leaves_nothing_to_compare_to(registry: Services) -> None:
    champion(registry)

    def go() -> None:
        aliases.delete_alias(registry, request(), MODEL, "champion")
        versions.delete_version(registry, request(), MODEL, "1")

    with between_reads(registry, go):
        shown = get_version_overview(registry, MODEL, "2")
    assert (shown.version.number, shown.base) == (2, None)


def test_what_is_not_there_is_named(registry: Services) -> None:
    with pytest.raises(ModelNotFoundError):
        get_version_overview(registry, MODEL, "1")
    champion(registry)
    versions.delete_version(registry, request(), MODEL, "2")
    for ref in ("2", "3"):
        with pytest.raises(VersionNotFoundError):
            get_version_overview(registry, MODEL, ref)
    with pytest.raises(AliasNotFoundError):
        get_version_overview(registry, MODEL, "@challenger")
