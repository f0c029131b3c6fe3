"""Warnings that the SDK logs, shown as notes beside the result of a command."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class _Notes(logging.Handler):
    def __init__(self, note: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._note = note

        # A call that is given up is an error, which tells why.
        self.addFilter(lambda record: record.name != "moorage.retry")

    def emit(self, record: logging.LogRecord) -> None:
        self._note(record.getMessage())


@contextmanager
def information_as_notes(name: str, note: Callable[[str], None]) -> Iterator[None]:
    """Pass what the loggers below ``name`` tell at the level INFO to ``note`` meanwhile."""
    logger, notes = logging.getLogger(name), _Notes(note)
    notes.setLevel(logging.INFO)
    # Warnings come through the handler above.
    notes.addFilter(lambda record: record.levelno < logging.WARNING)
    before = logger.level
    logger.setLevel(logging.INFO)
    logger.addHandler(notes)
    try:
        yield
    finally:
        logger.removeHandler(notes)
        logger.setLevel(before)


@contextmanager
def warnings_as_notes(note: Callable[[str], None]) -> Iterator[None]:
    """Pass the warnings of this package to ``note`` meanwhile."""
    logger = logging.getLogger("moorage")
    notes = _Notes(note)
    logger.addHandler(notes)
    try:
        yield
    finally:
        logger.removeHandler(notes)
