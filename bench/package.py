"""The size of what is deployed: the Lambda package, as Chalice builds it."""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from bench import report
from infra.package import DEPLOYMENT, slim
from infra.package_source import named_packages_only, stage_package_source

BUDGET_BYTES: Final = 12_000_000
_PROJECT: Final = Path(__file__).parents[1]


def row() -> dict[str, Any]:
    size = package_bytes(_PROJECT)
    return {"bytes": size, "bytes_budget": BUDGET_BYTES, "kept": size < BUDGET_BYTES}


def shown(measured: dict[str, Any]) -> str:
    size, budget, kept = measured["bytes"], measured["bytes_budget"], measured["kept"]
    return f"Lambda package: {size:,} bytes zipped of {budget:,}: {report.verdict(kept)}"


def package_bytes(project: Path) -> int:
    """Bytes of the deployment zip. Builds it as a deployment would, outside the project."""
    with tempfile.TemporaryDirectory() as directory:
        source = stage_package_source(project, Path(directory) / "source")
        output = Path(directory) / "package"
        command = [str(Path(sys.executable).with_name("chalice")), "package", str(output)]
        with named_packages_only():
            subprocess.run(command, check=True, capture_output=True, cwd=source)
        slim(output / DEPLOYMENT)
        return (output / DEPLOYMENT).stat().st_size
