"""What the SDK logs, as notes beside the result of a command."""

import logging

from moorage.cli.log_notes import information_as_notes, warnings_as_notes


def test_information_of_one_part_is_noted_and_warnings_only_once() -> None:
    notes: list[str] = []
    following, upload = logging.getLogger("moorage.following.follower"), logging.getLogger("moorage.upload")
    with warnings_as_notes(notes.append), information_as_notes("moorage.following", notes.append):
        following.info("now serves fraud/2")
        following.debug("looked")
        following.warning("fraud/3 is refused")
        upload.info("uploading")
    following.info("afterwards")
    assert notes == ["now serves fraud/2", "fraud/3 is refused"]
