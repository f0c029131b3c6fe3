"""A server as a process of its own: its arguments, its log, and its end."""

import argparse
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Final

from moorage.serving.application import Application, Observe
from moorage.serving.bundle import NAME, Bundle
from moorage.serving.http_server import ModelServer, told_to_end
from moorage.serving.served import Slot

PORT: Final = 8080

_log = logging.getLogger("moorage.serving")


def arguments(program: str, description: str | None) -> argparse.ArgumentParser:
    """What every server of a package is told on its command line."""
    parser = argparse.ArgumentParser(prog=program, description=description)
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
    return parser


def log_to_stderr() -> None:
    """Log what the server does. Whoever runs the container collects stderr."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s")


def load_package(given: argparse.Namespace) -> tuple[Bundle, Slot]:
    """The package, and its version in a slot. Raises what ``Bundle.read`` and ``Bundle.load`` raise."""
    bundle = Bundle.read(given.package / NAME)
    return bundle, Slot(bundle.load(given.model or given.package / "model"))


def answer(
    given: argparse.Namespace,
    slot: Slot,
    beside: Callable[[Event], None] | None = None,
    observe: Observe | None = None,
) -> None:
    """Answer with what is in ``slot`` until SIGTERM, and ``observe`` it.

    ``beside`` begins other work, until the event is set.
    """
    with told_to_end() as end, ModelServer(Application(slot, observe), given.host, given.port) as server:
        _log.info("serving %s with the digest %s on %s", slot.current, slot.current.digest, server.url)
        if beside is not None:
            beside(end)
        end.wait()
    _log.info("every request that had begun is answered")
