"""The size of what is deployed: the package of Chalice's functions, and that of the function ``web``."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from rich.table import Table

from bench import report
from infra.package import DEPLOYMENT, slim
from infra.package_source import named_packages_only, stage_package_source
from infra.web_package import stage_web_package

# Lambda loads the whole package before it starts a function.
BUDGETS: Final = {"Chalice's functions": 12_000_000, "the function web": 2_000_000}
_PROJECT: Final = Path(__file__).parents[1]


def rows() -> list[dict[str, Any]]:
    sizes = (package_bytes(_PROJECT), web_package_bytes(_PROJECT))
    return [row(package, size) for package, size in zip(BUDGETS, sizes, strict=True)]


def row(package: str, size: int) -> dict[str, Any]:
    return {"package": package, "bytes": size, "bytes_budget": BUDGETS[package], "kept": size < BUDGETS[package]}


def shown(measured_rows: list[dict[str, Any]]) -> Table:
    table = report.table("Lambda packages, in bytes when zipped", "package", "bytes", "of", "budget")
    for measured in measured_rows:
        figures = (f"{measured[field]:,}" for field in ("bytes", "bytes_budget"))
        table.add_row(measured["package"], *figures, report.verdict(measured["kept"]))
    return table


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


def web_package_bytes(project: Path) -> int:
    """Bytes of the web interface's package, zipped as CDK does. The interface must be built."""
    with tempfile.TemporaryDirectory() as directory:
        staged = stage_web_package(project, Path(directory) / "staged")
        return Path(shutil.make_archive(f"{directory}/package", "zip", staged)).stat().st_size
