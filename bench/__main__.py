"""Print what every endpoint and function costs, beside its budget; ``--json`` prints one document instead.

The same document is written to ``build/bench.json``. Ends with status 1 if a budget is broken.
"""

import argparse
import json
import sys
from typing import Any, Final

from bench import (
    cold,
    contention,
    costs,
    data_path,
    endpoint_costs,
    lineage,
    package,
    report,
    scanning,
    search,
    web,
)
from bench.environment import leave_accounts_alone

SMALL: Final = 100
LARGE: Final = 10_000


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--large", type=int, default=LARGE, help=f"versions of the large model (default {LARGE})")
    arguments = parser.parse_args()
    leave_accounts_alone()
    large: int = arguments.large
    measured: dict[str, Any] = {
        "versions": [SMALL, large],
        "endpoints": endpoint_costs.rows(endpoint_costs.measured(SMALL, large), endpoint_costs.measured(large, large)),
        "data_path": data_path.rows(),
        "searches": search.rows(),
        "lineage": lineage.rows(),
        "contention": contention.rows(),
        "scanning": scanning.rows(),
        "cold_import": cold.rows(),
        "package": package.rows(),
        "web": web.rows(),
        "costs": costs.rows(),
    }
    written = report.write(measured, report.BUILD / "bench.json")
    if arguments.json:
        print(json.dumps(measured, indent=2))
        print(written, file=sys.stderr)
    else:
        report.show(
            endpoint_costs.shown(measured["endpoints"], SMALL, large),
            *data_path.shown(measured["data_path"]),
            search.shown(measured["searches"]),
            lineage.shown(measured["lineage"]),
            contention.shown(measured["contention"]),
            scanning.shown(measured["scanning"]),
            cold.shown(measured["cold_import"]),
            package.shown(measured["package"]),
            web.shown(measured["web"]),
            costs.shown(measured["costs"]),
            written,
        )
    return 0 if report.all_kept(measured) else 1


if __name__ == "__main__":
    sys.exit(main())
