"""Progress of a transfer as plain callbacks. The SDK itself prints nothing."""

from typing import Protocol


class Progress(Protocol):
    """Receives the progress of a transfer. Several threads call it at the same time."""

    def started(self, action: str, files: int, size: int) -> None:
        """``action`` (``hash``, ``upload``, ``download``) starts on ``files`` files with ``size`` bytes in total."""

    def advanced(self, size: int) -> None:
        """``size`` more bytes are done. ``size`` is negative if bytes have to be sent again."""

    def finished(self, action: str) -> None:
        """``action`` has ended, successfully or not."""


class Silent:
    """Ignores all progress."""

    def started(self, action: str, files: int, size: int) -> None:
        return None

    def advanced(self, size: int) -> None:
        return None

    def finished(self, action: str) -> None:
        return None
