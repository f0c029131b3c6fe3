"""A model at a glance, in two reads: its head knows which versions and requests there are to show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.aws.table import MAX_BATCH
from chalicelib.domain.evidence.comparison import Differences, differences
from chalicelib.domain.models.decisions import ModelState
from chalicelib.domain.models.model import CHALLENGER, CHAMPION, Model
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.overviews.card_summary import CardSummary, card_summary
from chalicelib.domain.overviews.standing import shown_in_stages
from chalicelib.domain.promotion.transition_request import TransitionRequest
from chalicelib.domain.schemes.directions import Direction, directions
from chalicelib.domain.schemes.scheme import Scheme, Stage
from chalicelib.domain.versions.version import Version
from chalicelib.registry.cards.loaded import loaded_card
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import load, loaded_model, loaded_profile, loaded_scheme, model_keys


@dataclass(frozen=True, slots=True)
class StageOverview:
    """A stage: the stages that follow it, how many versions stand in it, its holder, and the versions to show.

    The holder is among these. Of a shared stage it is the version that entered last.
    """

    stage: Stage
    next: tuple[str, ...]
    count: int
    holder: int | None
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class Contest:
    """The champion and its challenger, None if there is none. The differences are the challenger's."""

    champion: Version | None
    challenger: Version | None
    differences: Differences | None


@dataclass(frozen=True, slots=True)
class ModelOverview:
    """A model, with what its other records say of it now."""

    state: ModelState
    scheme: Scheme
    stages: tuple[StageOverview, ...]
    contest: Contest
    requests: tuple[TransitionRequest, ...]
    card: CardSummary
    directions: Mapping[str, Direction]


def get_model_overview(services: Services, name: str) -> ModelOverview:
    """The model with its stages, champion, challenger, open requests and card. Raises ModelNotFoundError."""
    first = load(services, name, [*model_keys(name, profile=True, scheme=True), keys.card(name)])
    model, scheme = loaded_model(first, name), loaded_scheme(first)
    rivals = {alias: model.aliases.get(alias, Pointer()).version for alias in (CHAMPION, CHALLENGER)}
    compared = [number for number in rivals.values() if number is not None]
    requests = sorted(model.open_requests)
    shown = shown_in_stages(model, scheme, MAX_BATCH - len(requests) - len(compared))
    numbers = {*compared, *(number for standing in shown.values() for number in standing)}
    snapshot = _with(services, first, name, sorted(numbers), requests)
    profile = loaded_profile(snapshot)
    return ModelOverview(
        ModelState(model, profile),
        scheme,
        tuple(_stage(snapshot, model, scheme, stage, shown[stage.name]) for stage in scheme.stages.values()),
        _contest(*(_version(snapshot, rivals[alias]) for alias in (CHAMPION, CHALLENGER))),
        tuple(request for number in requests if (request := snapshot.get(TransitionRequest, number)) is not None),
        card_summary(loaded_card(snapshot), scheme, model.tier, model.classification),
        directions(scheme, model.rule, profile.metadata),
    )


def _with(services: Services, first: Snapshot, name: str, numbers: Sequence[int], requests: Sequence[int]) -> Snapshot:
    wanted = [
        *(keys.version(name, number) for number in numbers),
        *(keys.request(name, number) for number in requests),
    ]
    return first.with_more(wanted, services.table.load(wanted)) if wanted else first


def _stage(snapshot: Snapshot, model: Model, scheme: Scheme, stage: Stage, numbers: Sequence[int]) -> StageOverview:
    found = (_version(snapshot, number) for number in numbers)
    return StageOverview(
        stage,
        scheme.next(stage.name),
        model.standing.get(stage.name, 0),
        model.holder(stage.name),
        # A version that has moved since the head was read stands here no more.
        tuple(version for version in found if version is not None and version.stage == stage.name),
    )


def _contest(champion: Version | None, challenger: Version | None) -> Contest:
    if champion is None or challenger is None:
        return Contest(champion, challenger, None)
    return Contest(champion, challenger, differences(champion, challenger))


def _version(snapshot: Snapshot, number: int | None) -> Version | None:
    """The version of this number, unless it was deleted since the head was read."""
    version = None if number is None else snapshot.get(Version, number)
    return version if version is not None and version.visible else None
