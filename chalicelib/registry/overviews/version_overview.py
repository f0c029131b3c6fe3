"""A version at a glance, in two reads: the head knows its open requests and what it is measured against."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.services import Services
from chalicelib.domain.evidence.check import Check, Checks
from chalicelib.domain.evidence.comparison import Differences, differences
from chalicelib.domain.evidence.evaluation import Evaluation, Evaluations
from chalicelib.domain.overviews.measured_against import measured_against
from chalicelib.domain.promotion.transition_request import TransitionRequest
from chalicelib.domain.schemes.directions import Direction, directions
from chalicelib.domain.versions.version import Version
from chalicelib.registry.evidence.named import Named, named
from chalicelib.registry.models.model_ledger import load, loaded_model, loaded_profile, loaded_scheme, model_keys
from chalicelib.registry.versions.loaded import loaded_version
from chalicelib.registry.versions.versions import parse_ref


@dataclass(frozen=True, slots=True)
class Base:
    """The version that another is measured against, the pointer that holds it, and how the other one differs."""

    pointer: str
    version: Version
    differences: Differences


@dataclass(frozen=True, slots=True)
class VersionOverview:
    """A version, with what its model's other records say of it now. ``requests`` are the open ones."""

    version: Version
    checks: tuple[Named[Check], ...]
    evaluations: tuple[Named[Evaluation], ...]
    base: Base | None
    requests: tuple[TransitionRequest, ...]
    directions: Mapping[str, Direction]


def get_version_overview(services: Services, name: str, ref: str) -> VersionOverview:
    """The version with its evidence, open requests and differences. By alias it costs no read more: the head knows it.

    Raises ModelNotFoundError, VersionNotFoundError, AliasNotFoundError.
    """
    parsed = parse_ref(ref)
    known = _keys(name, parsed) if isinstance(parsed, int) else []
    first = load(services, name, [*model_keys(name, profile=True, scheme=True), *known])
    model, scheme = loaded_model(first, name), loaded_scheme(first)
    number = parsed if isinstance(parsed, int) else model.alias(parsed).version or 0
    held = measured_against(model, scheme, number)
    requests = model.requests_of(number)
    wanted = [
        *(_keys(name, number) if not known else []),
        *([] if held is None else [keys.version(name, held.version)]),
        *(keys.request(name, request) for request in requests),
    ]
    snapshot = first.with_more(wanted, services.table.load(wanted)) if wanted else first
    version = loaded_version(snapshot, name, number)
    base = None if held is None else snapshot.get(Version, held.version)
    return VersionOverview(
        version,
        named(snapshot.get(Checks, number)),
        named(snapshot.get(Evaluations, number)),
        None if held is None or base is None else Base(held.pointer, base, differences(base, version)),
        tuple(request for one in requests if (request := snapshot.get(TransitionRequest, one)) is not None),
        directions(scheme, model.rule, loaded_profile(snapshot).metadata),
    )


def _keys(name: str, number: int) -> list[Key]:
    return [keys.version(name, number), keys.checks(name, number), keys.evaluations(name, number)]
