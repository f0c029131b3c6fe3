"""Which files a registration warns about."""

import pytest

from chalicelib.domain import names
from chalicelib.domain.errors import InvalidNameError
from chalicelib.domain.versions.portability import warnings
from tests.file_names import APART, COLLIDING, HELD_BY_WINDOWS, REFUSED, REGISTERED, RENAMED_BY_WINDOWS, TOO_LONG


@pytest.mark.parametrize("path", [*REGISTERED, *RENAMED_BY_WINDOWS, *HELD_BY_WINDOWS])
def test_a_path_that_every_client_can_download_is_registered(path: str) -> None:
    assert names.new_file_path(path) == path


@pytest.mark.parametrize("path", [*REFUSED, *TOO_LONG])
def test_a_path_that_a_client_could_not_write_is_refused_with_the_reason(path: str) -> None:
    with pytest.raises(InvalidNameError):
        names.new_file_path(path)


@pytest.mark.parametrize("path", TOO_LONG)
def test_a_name_that_is_too_long_for_file_systems_is_named(path: str) -> None:
    with pytest.raises(InvalidNameError, match="255 between two '/'"):
        names.new_file_path(path)
    assert names.file_path(path) == path, "an earlier release may have registered it"


@pytest.mark.parametrize("path", RENAMED_BY_WINDOWS)
def test_a_name_that_windows_refuses_is_warned_about(path: str) -> None:
    assert [warning.pointer for warning in warnings([path, "model.bin"])] == [path]


@pytest.mark.parametrize("path", HELD_BY_WINDOWS)
def test_a_name_that_windows_holds_is_not_warned_about(path: str) -> None:
    assert not list(warnings([path]))


@pytest.mark.parametrize("pair", COLLIDING)
def test_the_second_of_two_names_that_collide_is_warned_about(pair: tuple[str, str]) -> None:
    assert len(list(warnings(pair))) == len(list(warnings(reversed(pair)))) == 1


@pytest.mark.parametrize("pair", APART)
def test_names_that_do_not_collide_are_not_warned_about(pair: tuple[str, str]) -> None:
    assert not list(warnings(pair))
