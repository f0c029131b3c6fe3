"""Prepare a deployed stack for this checkout: ``make upgrade`` runs it before it deploys and backfills.

    python -m tools.upgrade --stage production

It creates the indexes that the stack's table lacks, one after the other, because AWS refuses to create two at once, and
waits for each. The functions that run meanwhile are those that were deployed before. A run that was interrupted is
continued by the next one. It also removes the second stage of both APIs, which earlier releases left open.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

import boto3

from tools.indexes import CREATE, Index, Step, attributes, index_from, steps, wanted
from tools.restored import bring_to_wanted_indexes
from tools.stack import Stack, ToolFailure

TABLE_TYPE: Final = "AWS::DynamoDB::Table"
API_TYPE: Final = "AWS::Serverless::Api"
# SAM's own stage, which it made in releases that did not set OpenApiVersion. CloudFormation does not remove it.
OPEN_STAGE: Final = "Stage"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.upgrade", description="Prepare a stack for this release.")
    parser.add_argument("--stage", required=True, help="the stage that is deployed, such as production")
    given = parser.parse_args(arguments)
    try:
        upgrade(f"Moorage-{given.stage}", boto3.client, time.sleep)
    except ToolFailure as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


def upgrade(name: str, client: Callable[..., Any], sleep: Callable[[float], None]) -> None:
    """Bring the indexes of the stack's table to what this code needs, and close the open stages of its APIs."""
    stack = Stack(name, client, sleep)
    stack.settle()
    template = stack.template()
    table = table_in(template)
    if table is None:
        # A restored table belongs to no stack.
        bring_to_wanted_indexes(client("dynamodb"), stack.output("TableName"), sleep)
    else:
        present = indexes_of(table)
        todo = steps(present, wanted())
        for number, step in enumerate(todo, 1):
            print(f"{number} of {len(todo)}: {step} (with much data this takes hours) …", flush=True)
            present = after(present, step)
            set_indexes(table, present)
            stack.update(template, f"{step.action}-{step.index.name}")
    close_open_stages(stack, template, client("apigateway"))
    print(f"{name} has the indexes that this release needs.")


def table_in(template: dict[str, Any]) -> dict[str, Any] | None:
    """The properties of the registry's table; None if the stack uses a table that it did not make."""
    tables = [it["Properties"] for it in template["Resources"].values() if it["Type"] == TABLE_TYPE]
    return tables[0] if tables else None


def indexes_of(table: dict[str, Any]) -> list[Index]:
    return [index_from(definition) for definition in table.get("GlobalSecondaryIndexes", [])]


def after(present: list[Index], step: Step) -> list[Index]:
    """The indexes once ``step`` is taken."""
    if step.action == CREATE:
        return [*present, step.index]
    return [index for index in present if index.name != step.index.name]


def set_indexes(table: dict[str, Any], indexes: list[Index]) -> None:
    """Write the indexes, and the attributes that are keys, into the table's properties."""
    table["AttributeDefinitions"] = attributes(indexes)
    table.pop("GlobalSecondaryIndexes", None)
    if indexes:
        table["GlobalSecondaryIndexes"] = [index.definition for index in indexes]


def close_open_stages(stack: Stack, template: dict[str, Any], gateway: Any) -> None:
    """Remove the stage that SAM made beside ours. It has no throttle, no access log and no alarm."""
    for logical_id, resource in template["Resources"].items():
        if resource["Type"] != API_TYPE:
            continue
        api = stack.resource(logical_id)
        stages = {stage["stageName"] for stage in gateway.get_stages(restApiId=api)["item"]}
        if OPEN_STAGE in stages:
            gateway.delete_stage(restApiId=api, stageName=OPEN_STAGE)
            print(f"Removed the open stage {OPEN_STAGE} of {logical_id}.")


if __name__ == "__main__":
    sys.exit(main())
