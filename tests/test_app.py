"""What importing the app costs, and what it declares."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from app import app
from chalicelib import registry
from chalicelib.api.route_index import MODULES
from chalicelib.domain.formats import FORMATS
from chalicelib.reactions import functions
from infra.package_source import stage_package_source

ROOT = Path(__file__).parents[1]
FORMAT_MODULES = {known.message.__module__ for known in FORMATS}


def imported_with(module: str, code: Path = ROOT) -> set[str]:
    """Names of all modules that a fresh interpreter has after importing ``module`` from ``code``."""
    program = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=code, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What a cold start of the API imports from its package."""
    return imported_with("app", stage_package_source(ROOT, tmp_path_factory.mktemp("package")))


def test_a_cold_start_of_the_api_imports_no_use_case_and_no_reaction(imported: set[str]) -> None:
    # The authorizer is declared by its own module; its function pays for these anyway.
    authorizers = {
        "chalicelib.registry.access.authentication",
        "chalicelib.registry.access.effective",
        "chalicelib.registry.sessions.authentication",
    }
    use_cases = {name for name in imported if name.startswith("chalicelib.registry.") and name.count(".") > 2}
    assert use_cases == authorizers
    reactions = {name for name in imported if name.startswith("chalicelib.reactions.")}
    assert reactions == {"chalicelib.reactions.functions"}


@pytest.mark.parametrize("dialect", ["huggingface", "mlflow", "oci"])
def test_a_cold_start_of_the_api_imports_nothing_of_a_dialect_but_its_routes(imported: set[str], dialect: str) -> None:
    package = f"chalicelib.api.{dialect}."
    assert {name for name in imported if name.startswith(package)} == {f"{package}routes"}
    assert not {name for name in imported if name.startswith(f"chalicelib.registry.{dialect}.")}


def test_a_cold_start_of_the_api_imports_no_route_and_no_schema(imported: set[str]) -> None:
    assert "pydantic" not in imported
    assert not {f"chalicelib.api.{module}" for module in MODULES} & imported


def test_the_package_serves_the_routes_that_its_modules_declare(tmp_path: Path) -> None:
    program = "from app import app; print(*(f'{method} {path}' for path in app.routes for method in app.routes[path]))"
    package = stage_package_source(ROOT, tmp_path)
    served = [
        subprocess.run([sys.executable, "-c", program], cwd=code, capture_output=True, text=True, check=True).stdout
        for code in (package, ROOT)
    ]
    assert served[0] == served[1]


def test_a_request_to_the_package_imports_the_module_of_its_route_only(tmp_path: Path) -> None:
    package = stage_package_source(ROOT, tmp_path)
    asked = "chalicelib.api.route_index; routes = chalicelib.api.route_index.indexed_routes(); routes[0].declared()"
    imported = imported_with(asked, package)
    assert {module for module in MODULES if f"chalicelib.api.{module}" in imported} == {MODULES[0]}


def test_a_cold_start_of_the_api_imports_nothing_that_few_requests_need(imported: set[str]) -> None:
    heavy = {
        "boto3",
        "cryptography",
        "jwt",
        "markdown_it",
        "chalicelib.aws.webhooks.outbound",
        "chalicelib.domain.promotion.simulation",
    }
    heavy |= {"chalicelib.domain.search.parser", "chalicelib.domain.search.planner"}
    assert not heavy & imported


@pytest.mark.parametrize("function", functions.FUNCTIONS)
def test_a_cold_start_of_an_event_function_imports_neither_chalice_nor_the_api(function: str) -> None:
    imported = imported_with(functions.module_of(function))
    assert not {name for name in imported if name.split(".")[0] in ("chalice", "pydantic")}
    assert not {name for name in imported if name.startswith("chalicelib.api")}


@pytest.mark.parametrize("function", ["notifier", "sender"])
def test_a_cold_start_of_webhooks_imports_no_format_and_nothing_that_few_events_need(function: str) -> None:
    imported = imported_with(functions.module_of(function))
    assert not FORMAT_MODULES & imported
    assert not {name for name in imported if "mlflow" in name or name.startswith("chalicelib.domain.versions.")}
    assert "chalicelib.domain.webhooks.decisions" not in imported


def test_a_format_that_is_asked_for_by_name_is_imported_without_the_others() -> None:
    formats = "chalicelib.domain.formats"
    imported = imported_with(f"{formats}; {formats}.FORMATS.named('slack')")
    assert "chalicelib.domain.triggers.slack" in imported
    assert FORMAT_MODULES & imported == {"chalicelib.domain.triggers.slack"}


def test_every_reaction_is_declared_and_found_by_its_handler_string() -> None:
    # The function opinion has a package of its own (infra/opinion_package.py), which Chalice knows nothing of.
    apart = {"__init__", "opinion"}
    modules = {path.stem for path in (ROOT / "chalicelib" / "reactions").glob("*/*.py")} - apart
    assert {declared.name for declared in app.pure_lambda_functions} == modules
    for declared in app.pure_lambda_functions:
        module, _, name = declared.handler_string.rpartition(".")
        assert module == functions.module_of(declared.name)
        assert callable(getattr(import_module(module), name))


def test_a_function_called_through_the_app_is_the_one_of_its_module(monkeypatch: pytest.MonkeyPatch) -> None:
    module = import_module("chalicelib.reactions.ledger.relay")
    monkeypatch.setattr(module, "relay", lambda event, context: (event, context))
    (declared,) = (function for function in app.pure_lambda_functions if function.name == "relay")
    assert declared({"Records": []}, "context") == ({"Records": []}, "context")


def test_every_use_case_of_the_api_can_be_asked_for() -> None:
    for capability in registry.__all__:
        package = getattr(registry, capability)
        for name in getattr(package, "__all__", ()):
            assert getattr(package, name).__name__ == f"chalicelib.registry.{capability}.{name}"


def test_asking_the_registry_for_what_it_has_not_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing_such"):
        registry.nothing_such  # type: ignore[attr-defined]  # noqa: B018
