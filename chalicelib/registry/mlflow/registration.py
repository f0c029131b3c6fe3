"""Registering a version from a source in MLflow's terms: logged files, another version, or an address elsewhere."""

from collections.abc import Mapping

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.versions.decisions import Registered
from chalicelib.domain.versions.version import Description
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.mlflow import sources
from chalicelib.registry.mlflow.sources import SourceRequest
from chalicelib.registry.versions.intake import register_with_copies


def register_from_source(
    services: Services,
    request: Request,
    model: str,
    source: str,
    run_id: str | None,
    logged_model_id: str | None,
    description: str,
    tags: Mapping[str, str],
    run_link: str | None,
    reader: Principal,
    base_url: str = "",
) -> Changed[Registered]:
    """Find the files that ``source`` names and register a version with copies of them.

    The version is READY in the answer if there is little to copy. Otherwise it is PENDING, and the function ``intake``
    copies the files. ``reader`` must be allowed to read the source. ``base_url`` is the registry's public URL, by which
    it recognises its own addresses. Raises ModelNotFoundError, InvalidInputError, PermissionDeniedError.
    """
    source_request = SourceRequest(
        source,
        Description(description=description, tags=tags),
        run_id or None,
        logged_model_id or None,
        run_link or None,
    )
    found = sources.find(services, reader, source_request, base_url)
    return register_with_copies(services, request, model, found.description, found.files, found.authors)
