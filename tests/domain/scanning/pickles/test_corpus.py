"""Nothing hostile is clean."""

import pytest

from chalicelib.domain.scanning.verdict import Verdict
from tests.domain.scanning.pickles.corpus import CARRIED, HOSTILE, PLAIN, Hostile
from tests.domain.scanning.pickles.scanned import codes, scanned


@pytest.mark.parametrize("hostile", HOSTILE, ids=str)
def test_nothing_hostile_is_clean(hostile: Hostile) -> None:
    found = scanned(hostile.content, hostile.kind)
    assert found.verdict is (Verdict.UNSAFE if hostile.unsafe else Verdict.REVIEW)


@pytest.mark.parametrize("hostile", [each for each in HOSTILE if each.unsafe and each.kind == PLAIN], ids=str)
def test_what_would_run_is_found_although_the_file_is_broken_behind_it(hostile: Hostile) -> None:
    assert scanned(hostile.content[:-1] + b"\xff").verdict is Verdict.UNSAFE


def test_there_are_as_many_shapes_as_asked_for_and_none_twice() -> None:
    assert len({hostile.name for hostile in HOSTILE}) == len({hostile.content for hostile in HOSTILE}) == len(HOSTILE)
    assert len(HOSTILE) >= 40


@pytest.mark.parametrize("content", CARRIED)
def test_a_pickle_that_is_carried_as_data_is_a_note(content: bytes) -> None:
    found = scanned(content)
    assert found.verdict is Verdict.CLEAN
    assert codes(found) == {"nested_pickle"}
