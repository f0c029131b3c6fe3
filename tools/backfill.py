"""Complete the search indexes of a deployed registry, with your own AWS credentials.

    python -m tools.backfill --stage production [--after MODEL]
    python -m tools.backfill --table NAME [--after MODEL]

It can be repeated at any time, and runs beside normal traffic. docs/operations.md says when it is needed. Unlike the
verifier beside it, this runs the registry's own code, so run it from a checkout of the release that is deployed.
"""

import argparse
import sys
from collections.abc import Sequence

import boto3

from chalicelib.aws.names import TABLE_VARIABLE
from chalicelib.aws.services import Services
from chalicelib.aws.settings import Settings
from chalicelib.registry.search.backfill import Counts, backfill

# Models between two lines of progress.
EVERY = 100


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tools.backfill", description="Complete the search indexes of a deployed registry."
    )
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--stage", help="the stage that is deployed, such as production")
    where.add_argument("--table", help="the name of the table, instead of the stage")
    parser.add_argument("--after", metavar="MODEL", help="continue after this model, which an earlier run printed")
    given = parser.parse_args(arguments)
    table = given.table or table_of(f"Moorage-{given.stage}")
    run(Services(Settings.from_environment({TABLE_VARIABLE: table})), given.after)
    return 0


def table_of(stack: str) -> str:
    """The name of the table, from the outputs of the stack."""
    (described,) = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    table: str = next(one["OutputValue"] for one in described["Outputs"] if one["OutputKey"] == "TableName")
    return table


def run(services: Services, after: str | None) -> None:
    """Backfill and print the progress. Whatever ends it early, the last line says how to continue."""
    total, last = Counts(), after
    try:
        for last, counts in backfill(services, after):
            total += counts
            if total.models % EVERY == 0:
                print(f"{described(total)}; last: {last}", flush=True)
    except BaseException:
        print(f"Interrupted. {described(total)}.", file=sys.stderr)
        print("Start again." if last is None else f"Continue with --after {last}", file=sys.stderr, flush=True)
        raise
    print(f"Done. {described(total)}.")


def described(counts: Counts) -> str:
    return (
        f"{counts.models} models and {counts.versions} versions read, {counts.written} entries written, "
        f"{counts.removed} removed, {counts.placed} items put into indexes"
    )


if __name__ == "__main__":
    sys.exit(main())
