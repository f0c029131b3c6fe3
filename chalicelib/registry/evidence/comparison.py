"""Comparing versions of a model."""

from collections.abc import Sequence

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.domain.errors import InvalidInputError, Problem
from chalicelib.domain.evidence.check import Checks
from chalicelib.domain.evidence.comparison import MAX_VERSIONS, MIN_VERSIONS, Compared, Comparison, compare
from chalicelib.domain.evidence.evaluation import Evaluations
from chalicelib.domain.schemes.directions import directions
from chalicelib.registry.models.model_ledger import load, loaded_model, loaded_profile, loaded_scheme, model_keys
from chalicelib.registry.models.models import model_head
from chalicelib.registry.versions.files import files_of_all
from chalicelib.registry.versions.loaded import loaded_version
from chalicelib.registry.versions.versions import parse_ref


def compare_versions(services: Services, model: str, refs: Sequence[str]) -> Comparison:
    """Two to five versions side by side, in one read; one more if some are named by alias, or have many files.

    Raises VersionNotFoundError, AliasNotFoundError, InvalidInputError.
    """
    if not MIN_VERSIONS <= len(refs) <= MAX_VERSIONS:
        message = f"must name {MIN_VERSIONS} to {MAX_VERSIONS} versions, separated by commas"
        raise InvalidInputError(f"The query parameter 'versions' {message}.", [Problem("?versions", message)])
    parsed = [parse_ref(ref) for ref in refs]
    if all(isinstance(ref, int) for ref in parsed):
        return compare_numbers(services, model, [ref for ref in parsed if isinstance(ref, int)])
    # The head knows where every alias points.
    head = model_head(services, model)
    pointed = [ref if isinstance(ref, int) else head.alias(ref).version for ref in parsed]
    return compare_numbers(services, model, [number for number in pointed if number is not None])


def compare_numbers(services: Services, model: str, numbers: Sequence[int]) -> Comparison:
    """The versions of these numbers side by side. Raises VersionNotFoundError."""
    of_versions = [
        key
        for number in dict.fromkeys(numbers)
        for key in (
            keys.version(model, number),
            keys.manifest(model, number),
            keys.checks(model, number),
            keys.evaluations(model, number),
        )
    ]
    snapshot = load(services, model, [*model_keys(model, profile=True, scheme=True), *of_versions])
    versions = [loaded_version(snapshot, model, number) for number in numbers]
    compared = [
        Compared(
            version,
            files,
            (snapshot.get(Checks, number) or Checks(number)).by_name,
            (snapshot.get(Evaluations, number) or Evaluations(number)).by_name,
        )
        for number, version, files in zip(
            numbers, versions, files_of_all(services, snapshot, model, numbers), strict=True
        )
    ]
    metadata = loaded_profile(snapshot).metadata
    known = directions(loaded_scheme(snapshot), loaded_model(snapshot, model).rule, metadata)
    return compare(compared, services.clock(), known)
