"""OpenLineage's own example documents are taken, and what is exported is valid by its schemas.

They are in the standard's repository, of which no package has a copy. ``OPENLINEAGE_SPEC`` names the folder ``spec`` of
a checkout of https://github.com/OpenLineage/OpenLineage; without it there is nothing to compare with.
"""

import json
import os
from pathlib import Path
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Grant, Principal, Role
from tests.api import journey
from tests.api.gateway import Function
from tests.api.openlineage.test_routes import a_model, dataset, event

SPECIFICATION: Final = os.environ.get("OPENLINEAGE_SPEC", "")
EXAMPLES: Final = sorted(Path(SPECIFICATION, "tests").rglob("*.json")) if SPECIFICATION else []
ADMIN: Final = Function(Principal("token:ada", (Grant(Role.ADMIN, "*"),)))

pytestmark = pytest.mark.skipif(not SPECIFICATION, reason="OPENLINEAGE_SPEC names no copy of the specification")


@pytest.fixture(autouse=True)
def fraud(registry: Services) -> Services:
    journey.model(ADMIN)
    source = {"repository": "https://git.example.com/fraud", "commit": "0123456789abcdef"}
    provenance = {"source": source, "datasets": [{"name": "taps", "version": "3"}]}
    journey.ready(ADMIN, registry, provenance=provenance)
    return registry


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_an_example_of_the_standard_is_taken(example: Path) -> None:
    reply = ADMIN.post("/v1/lineage", as_event(example.parent.name, json.loads(example.read_text(encoding="utf-8"))))
    assert reply.status == 204, reply.text


def test_an_export_is_valid_by_the_schemas_of_the_standard() -> None:
    given = event([dataset("clicks"), a_model("bert", "v1", "huggingface")], [a_model()])
    assert ADMIN.post("/v1/lineage", given).status == 204
    exported = ADMIN.get("/v1/models/fraud/versions/1/lineage/openlineage").document
    assert len(exported) > 0
    for one in exported:
        assert list(validator("OpenLineage.json#/$defs/RunEvent").iter_errors(one)) == []
        for facets in (one["job"]["facets"], *(found["facets"] for found in (*one["inputs"], *one["outputs"]))):
            for name, facet in facets.items():
                schema = facet["_schemaURL"].partition("/spec/facets/")[2].partition("/")[2]
                assert list(validator(f"facets/{schema}").iter_errors(facet)) == [], name


def as_event(kind: str, document: dict[str, Any]) -> dict[str, Any]:
    """An event as it is; facets in an event of what they describe."""
    if "eventTime" in document:
        return document
    if kind.endswith("RunFacet"):
        return event(run={"runId": "3f5e83fa-3480-44ff-99c5-ff943904e5e8", "facets": document})
    if kind.endswith("JobFacet"):
        return event(job={"namespace": "airflow", "name": "train", "facets": document})
    return event([dataset("clicks", **document)], [a_model()])


def validator(reference: str) -> Draft202012Validator:
    """Validates with a schema of the specification, which refers to others by their addresses."""
    schemas = [json.loads(path.read_text(encoding="utf-8")) for path in Path(SPECIFICATION).rglob("*.json")]
    known: Any = Registry()
    for schema in (one for one in schemas if "$id" in one):
        known = known.with_resource(schema["$id"], Resource.from_contents(schema))
    file, _, pointer = reference.partition("#")
    address = json.loads(Path(SPECIFICATION, file).read_text(encoding="utf-8"))["$id"]
    return Draft202012Validator({"$ref": f"{address}#{pointer}"}, registry=known, format_checker=FormatChecker())
