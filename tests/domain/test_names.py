from collections.abc import Callable
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import names
from chalicelib.domain.errors import InvalidNameError
from tests.file_names import REFUSED, REGISTERED, TOO_LONG


@pytest.mark.parametrize(
    "name", ["fraud", "Fraud Model", "détecteur", "a@b", "50%", "100% sure", "%zz", "x" * 256, "..."]
)
def test_model_names_of_other_registries_are_valid(name: str) -> None:
    assert names.model_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        ".",
        "..",
        "a/b",
        "a:b",
        "a\nb",
        "a\x00",
        "%2F",
        "a%41",
        "x" * 257,
        "a\x7f",
        "a\u2028b",
        "\ud800",
    ],
)
def test_model_names_that_a_url_or_a_log_could_misread_are_refused(name: str) -> None:
    with pytest.raises(InvalidNameError):
        names.model_name(name)


@given(st.text(max_size=40))
def test_decoding_a_valid_model_name_once_more_changes_nothing(name: str) -> None:
    try:
        names.model_name(name)
    except InvalidNameError:
        return
    assert unquote(unquote(quote(name, safe=""))) == name


@pytest.mark.parametrize("check", [names.model_name, names.alias_name])
def test_a_name_has_as_many_bytes_as_a_key_can_hold(check: Callable[[str], str]) -> None:
    assert check("\U00020000" * 240)
    with pytest.raises(InvalidNameError, match="960 bytes"):
        check("\U00020000" * 241)


@pytest.mark.parametrize("alias", ["champion", "challenger-2", "Été", "v", "version1", "_"])
def test_aliases(alias: str) -> None:
    assert names.alias_name(alias) == alias


@pytest.mark.parametrize(
    "alias", ["", "latest", "LATEST", "v1", "V22", "7", "٣", "a b", "a/b", "a@b", "x" * 256, "a\n"]
)
def test_aliases_that_could_be_a_version_are_refused(alias: str) -> None:
    with pytest.raises(InvalidNameError):
        names.alias_name(alias)


@pytest.mark.parametrize("alias", ["7", "007", "champion"])
def test_an_alias_of_digits_is_one_where_nothing_takes_it_for_a_version(alias: str) -> None:
    assert names.any_alias(alias) == alias


@pytest.mark.parametrize("alias", ["", "Latest", "v1", "a b", "x" * 256])
def test_other_reserved_aliases_are_refused_everywhere(alias: str) -> None:
    with pytest.raises(InvalidNameError):
        names.any_alias(alias)


@pytest.mark.parametrize(
    "label", ["0.0.0", "1.2.3", "1.0.0-rc.1", "1.0.0+build.5", "10.20.30-alpha-x.7+exp.sha.5114f85"]
)
def test_semantic_version_labels(label: str) -> None:
    assert names.label(label) == label


@pytest.mark.parametrize(
    "label", ["", "1", "1.2", "v1.2.3", "01.2.3", "1.2.3-", "1.2.3-01", "1.2.3+", "1.2.3 ", "1.2.3\n"]
)
def test_labels_outside_the_grammar_are_refused(label: str) -> None:
    with pytest.raises(InvalidNameError):
        names.label(label)


@pytest.mark.parametrize("path", [*REGISTERED, *TOO_LONG, "x" * 981])
def test_file_paths(path: str) -> None:
    assert names.file_path(path) == path


@pytest.mark.parametrize("path", [*REFUSED, "x" * 982, "é" * 491])
def test_paths_that_could_leave_the_version_are_refused(path: str) -> None:
    with pytest.raises(InvalidNameError):
        names.file_path(path)
