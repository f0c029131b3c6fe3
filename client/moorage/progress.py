"""How a transfer tells how far it is: plain callbacks, so that the SDK draws nothing by itself."""

from typing import Protocol


class Progress(Protocol):
    """Told of a transfer as it goes on, from several threads at once."""

    def started(self, action: str, files: int, size: int) -> None:
        """``action`` (hash, upload, download) begins on ``files`` files of ``size`` bytes together."""

    def advanced(self, size: int) -> None:
        """``size`` more bytes are done; negative when bytes have to be sent again."""

    def finished(self, action: str) -> None:
        """``action`` is over, whether it succeeded or not."""


class Silent:
    """Progress that nobody watches."""

    def started(self, action: str, files: int, size: int) -> None:
        return None

    def advanced(self, size: int) -> None:
        return None

    def finished(self, action: str) -> None:
        return None
