"""What aliases and downloads cost at few and at many files, and how many registrations a second DynamoDB can take.

A partition of the table or of an index takes at most 1,000 write units a second:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html. So the partition that a
registration writes most to bounds how many there can be of one model, and of the registry. To print it alone:
``python -m bench.data_path``.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from rich.table import Table

from bench import report
from bench.emulation import fresh_registry, metered
from bench.environment import leave_accounts_alone
from bench.invocation import Function
from bench.meter import Meter, Usage
from chalicelib.aws import keys, names
from tests.api.gateway import Reply

MODEL: Final = "bench"
FEW: Final = 5
MANY: Final = 1_000
ALIASES: Final = 20
PAGE: Final = 100
# Of moving an alias, whatever the number of files.
MOST_WRITE_UNITS: Final = 60
PARTITION_UNITS: Final = 1_000
# Over how many partitions an index is spread. An index that is not named has one for each model, run, tag or metric.
_SHARDS: Final = {
    names.DUE: keys.SHARDS,
    names.OUTBOX: keys.SHARDS,
    names.LEDGERS: keys.SHARDS,
    names.VERSIONS_BY_CHANGE: keys.SHARDS,
    names.VERSIONS_BY_STAGE: keys.LISTING_SHARDS,
    names.VERSIONS_BY_NAME: keys.LISTING_SHARDS,
}


@dataclass(frozen=True)
class Step:
    """A call, and its budgets at few and at many files: DynamoDB calls, and read or write units if there is a bound."""

    name: str
    call: Callable[[Function], Reply]
    calls: tuple[int, int]
    read_units: tuple[int, int] | None = None
    write_units: int | None = None


def _artifacts(ref: str, rest: str = "") -> str:
    return f"/v1/models/{MODEL}/versions/{ref}/artifacts{rest}"


def _file(caller: Function) -> Reply:
    return caller.get(_artifacts("@alias-0", "/file"), query={"path": "part-0003.bin"})


def _page(caller: Function, ref: str, cursor: str | None = None) -> Reply:
    query = {"limit": PAGE} if cursor is None else {"limit": PAGE, "cursor": cursor}
    return caller.get(_artifacts(ref), query=query)


def _next_page(caller: Function) -> Reply:
    """The page after the first; of few files, which have one page only, the page after the first two files."""
    query: dict[str, Any] = {"limit": 2}
    first = caller.get(_artifacts("@alias-0"), query=query)
    return caller.get(_artifacts("@alias-0"), query=query | {"cursor": first.document["next_cursor"]})


STEPS: Final = (
    Step("one file by @alias", _file, (1, 2), (1, 5)),
    Step("a page of 100 files by @alias", lambda c: _page(c, "@alias-0"), (1, 2), (1, 5)),
    Step("a page by number", lambda c: _page(c, "1"), (1, 1), (2, 6)),
    # Both pages are counted.
    Step("two pages by @alias", _next_page, (2, 3), (3, 11)),
    Step(
        "move one of 20 aliases",
        lambda c: c.put(f"/v1/models/{MODEL}/aliases/alias-1", {"version": 2}),
        (2, 2),
        write_units=MOST_WRITE_UNITS,
    ),
    Step(
        "move it back",
        lambda c: c.post(f"/v1/models/{MODEL}/aliases/alias-1/rollback", {}),
        (3, 3),
        write_units=MOST_WRITE_UNITS,
    ),
)


def rows() -> list[dict[str, Any]]:
    """One row a step, few and many files side by side; then what a registration costs, and the ceilings."""
    few, many = _measured(FEW), _measured(MANY)
    return [
        *(_row(step, few[step.name], many[step.name]) for step in STEPS),
        *(_registration(files, usages[_REGISTERED]) for files, usages in ((FEW, few), (MANY, many))),
    ]


_REGISTERED: Final = "register and finalise"


def _measured(files: int) -> dict[str, Usage]:
    with fresh_registry() as registry:
        caller, meter = Function(), metered(registry)
        _checked(caller.post("/v1/models", {"name": MODEL}))
        for number in (1, 2):
            _register(caller, files, number)
        for number in range(ALIASES):
            _checked(caller.put(f"/v1/models/{MODEL}/aliases/alias-{number}", {"version": 1}))
        # A process reads the secret of the seals for its first check.
        _checked(_file(caller))
        found = {step.name: _metered(meter, lambda step=step: _checked(step.call(caller))) for step in STEPS}
        found[_REGISTERED] = _metered(meter, lambda: _register(caller, files, 3))
    return found


def _register(caller: Function, files: int, number: int) -> None:
    """References: their entries are as long as those of stored files, and nothing has to be uploaded."""
    references = [
        {
            "path": f"part-{index:04d}.bin",
            "size": 10,
            "sha256": f"{index:064x}",
            "uri": f"https://e.example/{index:032x}",
        }
        for index in range(files)
    ]
    provenance = {"run": {"id": f"run-{number}"}}
    body = {"references": references, "metrics": {"auc": 0.9}, "tags": {"team": "risk"}, "provenance": provenance}
    _checked(caller.post(f"/v1/models/{MODEL}/versions", body))
    _checked(caller.post(f"/v1/models/{MODEL}/versions/{number}/finalise", {}))


def _metered(meter: Meter, call: Callable[[], None]) -> Usage:
    with meter.measuring() as usage:
        call()
    return usage


def _checked(reply: Reply) -> None:
    if reply.status >= 400:
        raise RuntimeError(f"{reply.status} {reply.text}")


def _row(step: Step, few: Usage, many: Usage) -> dict[str, Any]:
    usages = (few, many)
    within = [
        usage.dynamodb_calls <= calls and usage.other_calls == 0 and usage.write_units <= (step.write_units or 0)
        for usage, calls in zip(usages, step.calls, strict=True)
    ]
    if step.read_units is not None:
        within += [usage.read_units <= units for usage, units in zip(usages, step.read_units, strict=True)]
    return {
        "step": step.name,
        "files": [FEW, MANY],
        "calls": [usage.dynamodb_calls for usage in usages],
        "calls_budget": list(step.calls),
        "read_units": [usage.read_units for usage in usages],
        "write_units": [usage.write_units for usage in usages],
        "units_budget": step.write_units or list(step.read_units or ()),
        "kept": all(within),
    }


def _registration(files: int, usage: Usage) -> dict[str, Any]:
    """A complete registration, and how many a second DynamoDB takes. It has no budget."""
    return {
        "step": f"{_REGISTERED} ({files:,} files)",
        "write_units": usage.write_units,
        "a_second_of_a_model": PARTITION_UNITS / max(usage.partitions.values()),
        "a_second_of_the_registry": PARTITION_UNITS / max(_shared(usage).values()),
        "a_second_of_one_tag": PARTITION_UNITS / max(_of(usage, names.TERMS)),
        "kept": True,
    }


def _of(usage: Usage, wanted: str) -> list[int]:
    """The write units by partition of an index."""
    return [units for (index, _), units in usage.partitions.items() if index == wanted]


def _shared(usage: Usage) -> Counter[str]:
    """The write units of one registration by index, for one of the partitions over which all models are spread.

    Partitions of one model, run, tag or metric are not shared by all, nor is the table's own.
    """
    shared: Counter[str] = Counter()
    for (index, _), units in usage.partitions.items():
        if index in _SHARDS:
            shared[index] += units / _SHARDS[index]
    return shared


def shown(measured: list[dict[str, Any]]) -> tuple[Table, Table]:
    steps = report.table(
        f"Aliases and downloads at {FEW} / {MANY:,} files and {ALIASES} aliases",
        *("step", "DynamoDB\ncalls", "of", "read\nunits", "write\nunits", "units\nof", "budget"),
    )
    registrations = report.table(
        "A complete registration, and how many a second one partition's 1,000 write units allow",
        *("", "write\nunits", "of one\nmodel", "of one tag\nor metric", "of the\nregistry"),
    )
    for row in measured:
        if "files" in row:
            budget = row["units_budget"]
            steps.add_row(
                row["step"],
                *(report.sizes(row[field]) for field in ("calls", "calls_budget", "read_units", "write_units")),
                f"{budget}" if isinstance(budget, int) else report.sizes(budget),
                report.verdict(row["kept"]),
            )
        else:
            registrations.add_row(
                row["step"],
                f"{row['write_units']:g}",
                f"{row['a_second_of_a_model']:.1f}",
                f"{row['a_second_of_one_tag']:.0f}",
                f"{row['a_second_of_the_registry']:.0f}",
            )
    return steps, registrations


if __name__ == "__main__":
    leave_accounts_alone()
    report.show(*shown(rows()))
