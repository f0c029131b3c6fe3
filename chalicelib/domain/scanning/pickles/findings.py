"""What a scan of pickles has found so far."""

from typing import Final

from chalicelib.domain.scanning.file_scan import FileScan, Reason
from chalicelib.domain.scanning.pickles.limits import MAX_IMPORTS, MAX_REASONS
from chalicelib.domain.scanning.verdict import Verdict


class Findings:
    """Reasons and imports, each once, in the order in which they were found; bounded.

    ``where`` is written into every reason, such as the member of an archive that is scanned. ``acts`` says whether
    something that is imported is also called or changed in a way that is not allowed.
    """

    def __init__(self, where: str = "") -> None:
        self.acts = False
        self._where = where
        self._reasons: dict[Reason, None] = {}
        self._imports: set[str] = set()

    def add(self, verdict: Verdict, code: str, text: str) -> None:
        reason = Reason(verdict, code, text, self._where)
        # The worst must not be lost among many others.
        if len(self._reasons) < MAX_REASONS or (verdict is Verdict.UNSAFE and not self._is_unsafe()):
            self._reasons[reason] = None

    def review(self, code: str, text: str) -> None:
        self.add(Verdict.REVIEW, code, text)

    def imports(self, path: str, verdict: Verdict) -> None:
        shown = printable(path)
        if len(self._imports) < MAX_IMPORTS:
            self._imports.add(shown)
        elif shown not in self._imports:
            self.review("too_much", f"It imports more than {MAX_IMPORTS} names. Only that many are listed.")
        if verdict is Verdict.UNSAFE:
            self.add(verdict, "denied_import", f"Loading it imports {shown}, which no model needs.")
        elif verdict is Verdict.REVIEW:
            self.review("unknown_import", f"Loading it imports {shown}, which is not on the list of what is allowed.")

    def note_nested_pickle(self) -> None:
        self.add(
            Verdict.CLEAN,
            "nested_pickle",
            "It carries bytes that look like another pickle. Loading the file does not load them.",
        )

    def scan(self, found: str) -> FileScan:
        """The result for a file of the format that was found."""
        return FileScan(found, tuple(self._reasons), tuple(sorted(self._imports)))

    def _is_unsafe(self) -> bool:
        return any(reason.verdict is Verdict.UNSAFE for reason in self._reasons)


# Longer names are cut where people read them.
_MAX_SHOWN: Final = 200
CUT: Final = " …"


def printable(text: str) -> str:
    """The text without anything that would disturb a terminal, a log or a page; cut if it is very long."""
    safe = "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text[:_MAX_SHOWN])
    return safe if len(text) <= _MAX_SHOWN else f"{safe}{CUT}"
