"""The entry point of an image: ``python -m moorage.serving`` serves the version of ``package.json``.

SageMaker starts a container with the word ``serve``, and expects it to answer on port 8080.
"""

import logging
import sys
from collections.abc import Sequence

from moorage.errors import MoorageError
from moorage.serving.process import answer, arguments, load_package, log_to_stderr

_log = logging.getLogger("moorage.serving")


def main(words: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM. Returns 1 if the model cannot be loaded or does not have its registered bytes."""
    given = arguments("python -m moorage.serving", __doc__).parse_args(words)
    log_to_stderr()
    try:
        _, slot = load_package(given)
    except MoorageError as error:
        _log.error("%s", error)
        return 1
    answer(given, slot)
    return 0


if __name__ == "__main__":
    sys.exit(main())
