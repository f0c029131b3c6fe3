"""The entry point of an image: ``python -m moorage.serving`` serves the version of ``package.json``.

SageMaker starts a container with the word ``serve``, and expects it to answer on port 8080.
"""

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from moorage.errors import MoorageError
from moorage.serving.application import Application
from moorage.serving.bundle import NAME, Bundle
from moorage.serving.http_server import ModelServer, told_to_end
from moorage.serving.served import Slot

PORT: Final = 8080

_log = logging.getLogger("moorage.serving")


def main(words: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM. Returns 1 if the model cannot be loaded or does not have its registered bytes."""
    given = _arguments(words)
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        served = Bundle.read(given.package / NAME).load(given.model or given.package / "model")
    except MoorageError as error:
        _log.error("%s", error)
        return 1
    with told_to_end() as end, ModelServer(Application(Slot(served)), given.host, given.port) as server:
        _log.info("serving %s with the digest %s on %s", served, served.digest, server.url)
        end.wait()
    _log.info("every request that had begun is answered")
    return 0


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m moorage.serving", description=__doc__)
    parser.add_argument("serve", nargs="?", choices=["serve"], help="what SageMaker says; it changes nothing")
    parser.add_argument("--package", type=Path, default=Path(), help="the directory of package.json")
    parser.add_argument(
        "--model",
        type=Path,
        default=os.environ.get("MOORAGE_MODEL"),
        help="the directory of the model's files, by default MOORAGE_MODEL, else model in the package",
    )
    parser.add_argument("--host", default="0.0.0.0", help="the address to listen on")  # noqa: S104 - in its own container
    parser.add_argument("--port", type=int, default=PORT)
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
