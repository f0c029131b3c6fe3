"""Write the golden files of this release: ``python -m tests.golden.make tests/golden/release_<number>``.

Run it once, at the commit to be released, and commit the new folder. Never rewrite the folder of an earlier release: it
must hold what that release wrote. Running it twice on the same code gives the same files.
"""

import argparse
from pathlib import Path

import pytest

from tests.conftest import fresh_registry, use_no_account
from tests.golden.asking import older
from tests.golden.calls import questions, writes
from tests.golden.release import Release, dumped
from tests.golden.story import Story
from tests.golden.told_deployments import deployed
from tests.golden.told_models import past, present
from tests.golden.told_monitors import watched
from tests.golden.told_registry import administered
from tests.golden.told_tracking import tracked
from tests.golden.told_vulnerabilities import vulnerable


def make(folder: Path) -> None:
    """Write the story and dump the table. Then load the dump into a fresh account and record the answers."""
    folder.mkdir(exist_ok=True)
    release = Release(folder)
    with pytest.MonkeyPatch.context() as monkeypatch:
        use_no_account(monkeypatch)
        with fresh_registry(monkeypatch) as registry:
            story = Story(registry, monkeypatch)
            past(story, monkeypatch)
            present(story)
            deployed(story)
            watched(story)
            vulnerable(story)
            callers = administered(story)
            tracked(story, monkeypatch)
            release.save("items", dumped(registry))
    release.save("release", {"time": story.now, "callers": callers})
    with older() as table:
        given = [{"asked": one.document(), "answer": table.answer(release, one)} for one in questions(story.ids)]
    release.save_lines("answers", given)
    release.save_lines("writes", [one.document() for one in writes(story.ids)])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    make(parser.parse_args().folder)
