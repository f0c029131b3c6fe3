"""The entry point of an image that follows an alias: ``python -m moorage.following``.

It answers with the version of ``package.json`` at once, also if the registry is away, and then with each version that
the alias moves to. The token is in ``MOORAGE_TOKEN``, or in the file that ``MOORAGE_TOKEN_FILE`` names.
"""

import argparse
import logging
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from threading import Event, Thread

from moorage.errors import IncompatibleModelError, MoorageError, NotConfiguredError
from moorage.following.follower import Follower
from moorage.following.heartbeat import Heartbeat
from moorage.following.packaged_alias import PackagedAlias, PackagedMonitor, PackagedTarget
from moorage.following.packaged_versions import PackagedVersions
from moorage.following.rounds import repeat
from moorage.following.traffic import Traffic
from moorage.login import TOKEN_FILE_VARIABLE, TOKEN_VARIABLE, URL_VARIABLE, Login, clean_url, read_token
from moorage.packaging.requirements import Requirements
from moorage.serving.bundle import Bundle, Following
from moorage.serving.process import answer, arguments, load_package, log_to_stderr
from moorage.serving.registry import Registry

_log = logging.getLogger("moorage.following")


def main(words: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM. Returns 1 if the packaged version cannot be served, or the registry is not configured."""
    given = _arguments(words)
    log_to_stderr()
    try:
        with tempfile.TemporaryDirectory(prefix="moorage-", ignore_cleanup_errors=True) as directory:
            bundle, slot = load_package(given)
            following = _following(bundle)
            registry = Registry(_login(following.url, os.environ))
            versions = PackagedVersions(
                registry, bundle, _installed(given.package), following.python, slot, Path(directory)
            )
            alias = PackagedAlias(registry, bundle.model, following.alias)
            actions: list[Callable[[], None]] = [Follower(slot, alias, versions.load).look]
            if given.target is not None:
                actions.append(Heartbeat(slot, PackagedTarget(registry, given.target).report).beat)
            traffic = None
            if given.monitor is not None:
                traffic = Traffic(slot, PackagedMonitor(registry, bundle.model, given.monitor))
                actions.append(traffic.report)

            def follow(end: Event) -> None:
                Thread(target=repeat, args=(actions, given.interval, end), name="rounds", daemon=True).start()

            answer(given, slot, follow, None if traffic is None else traffic.observe)
            if traffic is not None:
                traffic.report()
    except MoorageError as error:
        _log.error("%s", error)
        return 1
    return 0


def _following(bundle: Bundle) -> Following:
    if bundle.follow is None:
        raise IncompatibleModelError(
            f"{bundle.model}/{bundle.version} was packaged without --follow: serve it with python -m moorage.serving"
        )
    return bundle.follow


def _installed(package: Path) -> Requirements:
    return Requirements.parse((package / "requirements.txt").read_text(encoding="utf-8"), "requirements.txt")


def _login(packaged_url: str, variables: Mapping[str, str]) -> Login:
    """The registry that the image was packaged from, unless ``MOORAGE_URL`` names another."""
    url = clean_url(variables.get(URL_VARIABLE) or packaged_url)
    if token := variables.get(TOKEN_VARIABLE):
        return Login(url, token)
    if named := variables.get(TOKEN_FILE_VARIABLE):
        read = partial(read_token, Path(named))
        return Login(url, read(), renew=read)
    raise NotConfiguredError(
        f"This image follows an alias: give it a token in {TOKEN_VARIABLE}, or the path of a file that holds one in "
        f"{TOKEN_FILE_VARIABLE}."
    )


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = arguments("python -m moorage.following", __doc__)
    parser.add_argument(
        "--interval", type=_seconds, default=30.0, metavar="SECONDS", help="how often the alias is looked at"
    )
    parser.add_argument("--target", metavar="NAME", help="the target that this is: the registry is told what it serves")
    parser.add_argument("--monitor", metavar="NAME", help="the monitor that gets counts of what is asked and answered")
    return parser.parse_args(words)


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds above 0")
    return seconds


if __name__ == "__main__":
    sys.exit(main())
