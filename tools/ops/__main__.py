"""Look after a deployed stack: ``make ops STAGE=production OPS='dead-letters'``.

    python -m tools.ops --stage production dead-letters [FUNCTION]
    python -m tools.ops --stage production redrive FUNCTION
    python -m tools.ops --stage production replay FUNCTION --since TIME --until TIME

It uses your own AWS credentials. No function of the stack may do this, and no token of the registry allows it. Run it
from a checkout of the release that is deployed.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import boto3
from botocore.exceptions import ClientError

from chalicelib.aws.names import DELIVERY_QUEUE_VARIABLE, TABLE_VARIABLE
from chalicelib.aws.services import Services
from chalicelib.aws.settings import Settings
from infra.workload import WORKLOADS
from tools.ops.dead_letters import each, show_again, waiting
from tools.ops.parts import DELIVERIES, RULES, WITH_DEAD_LETTERS, Parts
from tools.ops.redriving import redrive, unreachable
from tools.ops.replaying import COMPLETED, Span, replay
from tools.stack import Stack, ToolFailure

# Messages that are only looked at are hidden from others for so long if this is interrupted.
_LOOK_SECONDS: Final = 60


def main(arguments: Sequence[str] | None = None, client: Callable[..., Any] | None = None) -> int:
    given = _parser().parse_args(arguments)
    try:
        return run(given, client or boto3.client, time.sleep)
    except ToolFailure as failure:
        print(failure, file=sys.stderr)
    except ClientError as error:
        print(unreachable(error), file=sys.stderr)
    return 1


def run(given: argparse.Namespace, client: Callable[..., Any], sleep: Callable[[float], None]) -> int:
    """Do what was asked. Returns 0, or 1 if something failed."""
    stack = Stack(f"Moorage-{given.stage}", client, sleep)
    parts = Parts(stack.resources())
    if given.command == "replay":
        span = Span(given.since, given.until)
        return int(replay(given.function, span, parts, client("events"), sleep, _say) != COMPLETED)
    if given.command == "redrive":
        environment = {TABLE_VARIABLE: stack.output("TableName"), DELIVERY_QUEUE_VARIABLE: parts.named(DELIVERIES)}
        return _redrive(given.function, parts, client, Services(Settings.from_environment(environment)))
    if given.function is not None:
        return _show(client("sqs"), parts.dead_letters(given.function))
    return _list(client("sqs"), parts)


def _list(sqs: Any, parts: Parts) -> int:
    """Say how many dead letters each function has, and what to do about them."""
    for function in WITH_DEAD_LETTERS:
        queue = parts.dead_letters(function)
        if count := waiting(sqs, queue):
            _say(f"{function}: {count}\n  {WORKLOADS[function].dead_letters}\n  {queue}")
        else:
            _say(f"{function}: 0")
    return 0


def _show(sqs: Any, queue: str) -> int:
    """Show what lies in one queue. It stays there."""
    letters = []
    for letter in each(sqs, queue, _LOOK_SECONDS):
        _say(f"{letter.sent_at} {letter.about or letter.body[:200]}")
        if letter.error:
            _say(f"  {letter.error}")
        letters.append(letter)
    for letter in letters:
        show_again(sqs, queue, letter)
    _say(f"{len(letters)} messages")
    return 0


def _redrive(function: str, parts: Parts, client: Callable[..., Any], services: Services) -> int:
    done = failed = 0
    for redriven in redrive(function, parts, client, services):
        _say(f"{redriven.letter.about}: {redriven.outcome}")
        done, failed = done + redriven.done, failed + (not redriven.done)
    _say(f"{done} given back, {failed} failed again and stay in the queue")
    return int(failed > 0)


def _say(line: str) -> None:
    print(line, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.ops", description="Look after a deployed stack.")
    parser.add_argument("--stage", required=True, help="the stage that is deployed, such as production")
    commands = parser.add_subparsers(dest="command", required=True)
    listing = commands.add_parser("dead-letters", help="count dead letters, or show those of a function")
    listing.add_argument("function", nargs="?", choices=WITH_DEAD_LETTERS)
    redriving = commands.add_parser("redrive", help="give the dead letters of a function back to it")
    redriving.add_argument("function", choices=WITH_DEAD_LETTERS)
    replaying = commands.add_parser("replay", help="replay archived events of a time to a function")
    replaying.add_argument("function", choices=tuple(RULES))
    for name, meaning in (("--since", "the first moment"), ("--until", "the moment after the last")):
        replaying.add_argument(
            name, required=True, type=_moment, metavar="TIME", help=f"{meaning}, such as 2026-11-23T09:30:00Z"
        )
    return parser


def _moment(text: str) -> datetime:
    """A time with its zone, in UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time with a zone, such as 2026-11-23T09:30:00Z")
    return moment.astimezone(UTC)


if __name__ == "__main__":
    sys.exit(main())
