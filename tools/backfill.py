"""Complete the indexes and the lineage of a deployed registry, cut its long lists of files and seal its aliases.

It uses your own AWS credentials:

    python -m tools.backfill --stage production [--after MODEL] [--reseal]
    python -m tools.backfill --table NAME [--signing-secret ARN] [--after MODEL] [--reseal]

It can be repeated at any time, and runs beside normal traffic. docs/operations.md says when it is needed. Unlike the
verifier beside it, this runs the registry's own code, so run it from a checkout of the release that is deployed.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import boto3

from chalicelib.aws.names import SIGNING_SECRET_VARIABLE, TABLE_VARIABLE
from chalicelib.aws.services import Services
from chalicelib.aws.settings import Settings
from chalicelib.registry.aliases.sealing import Sealed, seal_aliases
from chalicelib.registry.lineage.linking import link_model
from chalicelib.registry.promotion.indexing import index_open_requests
from chalicelib.registry.search.backfill import Counts, backfill
from chalicelib.registry.versions.cutting import Cut, cut_lists

# Models between two lines of progress.
EVERY = 100


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tools.backfill",
        description="Complete indexes and lineage of a deployed registry, cut its lists of files, seal its aliases.",
    )
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--stage", help="the stage that is deployed, such as production")
    where.add_argument("--table", help="the name of the table, instead of the stage")
    parser.add_argument("--signing-secret", metavar="ARN", help="with --table: the secret by which aliases are sealed")
    parser.add_argument("--after", metavar="MODEL", help="continue after this model, which an earlier run printed")
    parser.add_argument(
        "--reseal",
        action="store_true",
        help="also seal aliases whose seal does not fit, after a change of the secret",
    )
    given = parser.parse_args(arguments)
    if given.stage and given.signing_secret:
        parser.error("--signing-secret goes with --table; the stage's own secret is found by the stage")
    if given.table:
        environment = {TABLE_VARIABLE: given.table, SIGNING_SECRET_VARIABLE: given.signing_secret or ""}
    else:
        found = outputs_of(f"Moorage-{given.stage}")
        environment = {TABLE_VARIABLE: found["TableName"], SIGNING_SECRET_VARIABLE: found["SigningSecretArn"]}
    return run(Services(Settings.from_environment(environment)), given.after, given.reseal)


def outputs_of(stack: str) -> Mapping[str, str]:
    """The outputs of the stack, by name."""
    (described,) = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    return {one["OutputKey"]: one["OutputValue"] for one in described["Outputs"]}


@dataclass
class Progress:
    """What was done so far."""

    counts: Counts
    last: str | None
    cut: int = 0
    sealed: int = 0
    linked: int = 0
    refused: int = 0

    def add(self, model: str, cut: Cut, sealed: Sealed) -> None:
        self.cut += cut.count
        self.sealed += sealed.count
        self.refused += len(cut.refused) + len(sealed.refused)
        for number in cut.refused:
            print(
                f"not cut: the files of version {number} of {model!r}, which its records do not confirm",
                flush=True,
            )
        for alias in sealed.refused:
            print(f"not sealed: the alias {alias!r} of {model!r}, which the model's records do not confirm", flush=True)

    def __str__(self) -> str:
        counts = self.counts
        return (
            f"{counts.models} models and {counts.versions} versions read, {counts.written} entries written, "
            f"{counts.removed} removed, {counts.placed} items put into indexes, {self.cut} long lists of files cut, "
            f"{self.sealed} aliases sealed, {self.linked} links of lineage written"
        )


def run(services: Services, after: str | None, reseal: bool) -> int:
    """Backfill and print the progress. Returns 1 if a list of files or an alias was not confirmed.

    Whatever ends it early, the last line says how to continue. Without a signing secret, no alias is sealed, and no
    list is cut, since sealed aliases may name it.
    """
    done = Progress(Counts(), after)
    try:
        for model, counts in backfill(services, after):
            if services.settings.signing_secret:
                # In this order, an alias that gets its seal names the parts at once.
                done.add(model, cut_lists(services, model), seal_aliases(services, model, reseal))
            done.counts += counts + Counts(placed=index_open_requests(services, model))
            done.linked += link_model(services, model)
            done.last = model
            if done.counts.models % EVERY == 0:
                print(f"{done}; last: {done.last}", flush=True)
    except BaseException:
        print(f"Interrupted. {done}.", file=sys.stderr)
        again = "Start again." if done.last is None else f"Continue with --after {done.last}"
        print(again, file=sys.stderr, flush=True)
        raise
    print(f"Done. {done}.")
    return 1 if done.refused else 0


if __name__ == "__main__":
    sys.exit(main())
