"""What a move is decided on, loaded: one read, and a second only for whom the gates compare with and what must end."""

from collections.abc import Callable, Container, Mapping, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.services import Services
from chalicelib.aws.table import Spent
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.cards.card import Card
from chalicelib.domain.evidence.check import Checks
from chalicelib.domain.instants import Instant
from chalicelib.domain.models.model import Model
from chalicelib.domain.promotion.examination import (
    leaving_gates,
    measured_rivals,
    rivals_of,
)
from chalicelib.domain.promotion.facts import Facts, Rival
from chalicelib.domain.promotion.moves import TransitionContext
from chalicelib.domain.promotion.transition_request import TransitionRequest
from chalicelib.domain.scanning.format_names import FileFormat
from chalicelib.domain.schemes.condition_results import ConditionResult
from chalicelib.domain.schemes.gates import Gate
from chalicelib.domain.versions.version import Version
from chalicelib.registry.cards.loaded import loaded_card
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import load, loaded_model, loaded_scheme, model_keys, snapshot_of
from chalicelib.registry.promotion.gate_facts import gate_facts, gate_keys
from chalicelib.registry.versions.loaded import loaded_version

if TYPE_CHECKING:
    from chalicelib.domain.evidence.evaluation import Evaluations
    from chalicelib.domain.licenses.licensing import Licensing


def context_keys(model: str, number: int) -> list[Key]:
    """Keys for the first read: the model, its scheme and card, the version and what was reported of it."""
    return [
        *model_keys(model, versions=[number], scheme=True),
        keys.card(model),
        keys.checks(model, number),
        keys.evaluations(model, number),
    ]


def further_keys(number: int, to_stage: str | None = None) -> Callable[[Snapshot], list[Key]]:
    """Keys that are known only from the first read. ``to_stage`` is the one that the version may enter, if known."""

    def more(snapshot: Snapshot) -> list[Key]:
        model, version = snapshot.get(Model), snapshot.get(Version, number)
        if model is None or version is None or not version.visible:
            return []
        scheme = loaded_scheme(snapshot)
        entering = [to_stage] if to_stage is not None else list(scheme.next(version.stage))
        stages = [scheme.stages[name] for name in entering if name in scheme.stages]
        displaced = {model.holder(stage.name) for stage in stages if stage.exclusive}
        touched = {number, *(holder for holder in displaced if holder is not None)}
        asked = model_keys(
            model.name,
            manifests=[number] if any(stage.aliases for stage in stages) else [],
            requests=sorted(request for holder in touched for request in model.requests_of(holder)),
        )
        return [*asked, *gated_keys(model, number, leaving_gates(model, scheme, version.stage))]

    return more


def gated_keys(model: Model, number: int, gates: tuple[Gate, ...], known: Container[int] = ()) -> list[Key]:
    """Keys of what only certain gates look at: of version ``number`` itself, and what it is compared with.

    ``known`` is as in ``compared_keys``.
    """
    return [*gate_keys(model.name, number, gates), *compared_keys(model, gates, known)]


def compared_keys(model: Model, gates: tuple[Gate, ...], known: Container[int] = ()) -> list[Key]:
    """Keys of the versions that gates compare with, and of their evaluations if gates look at these.

    ``known`` are versions that were read already, with what was reported of them.
    """
    holders = {holder for holder in rivals_of(gates, model).values() if holder is not None}
    versions = sorted(holder for holder in holders if holder not in known)
    measured = [holder for holder in measured_rivals(gates, model) if holder not in known]
    return [
        *(keys.version(model.name, holder) for holder in versions),
        *(keys.evaluations(model.name, holder) for holder in measured),
    ]


def transition_context(
    services: Services,
    snapshot: Snapshot,
    name: str,
    number: int,
    now: Instant,
    mover: Principal | None = None,
    rolling_back: bool = False,
) -> TransitionContext:
    """The context for moving version ``number``, by ``mover`` or by a rule.

    What the gates on licences and formats look at is read when they ask for it.

    Raises ModelNotFoundError, VersionNotFoundError.
    """
    model = loaded_model(snapshot, name)
    version = loaded_version(snapshot, name, number)
    scheme = loaded_scheme(snapshot)
    card = loaded_card(snapshot)
    gates = scheme.rollback.gates if rolling_back else leaving_gates(model, scheme, version.stage)
    facts = Facts(
        version=version,
        tier=model.tier,
        now=now,
        checks=_documents(snapshot.get(Checks, number)),
        evaluations=_evaluations(snapshot, name, number),
        card={**card.document(), "writers": card.writers},
        rivals=_rivals(snapshot, model, gates),
        monitors=model.monitors,
        evaluate=_evaluate,
        rules=scheme.evidence,
        licensing=cache(partial(_licensing, services, name, number, card)),
        classification=model.classification,
        file_formats=cache(partial(_file_formats, services, name, number)),
        **gate_facts(services, snapshot, version, gates),
    )
    return TransitionContext(
        model,
        scheme,
        facts,
        open_requests=_loaded_requests(snapshot, model),
        mover=mover,
    )


def _loaded_requests(snapshot: Snapshot, model: Model) -> dict[int, TransitionRequest]:
    found = {number: snapshot.find((TransitionRequest, number)) for number in model.open_requests}
    return {number: request for number, request in found.items() if isinstance(request, TransitionRequest)}


def _evaluations(snapshot: Snapshot, model: str, number: int) -> dict[str, dict[str, Any]]:
    if snapshot.item(keys.evaluations(model, number)) is None:
        return {}
    # Late: many versions have none.
    from chalicelib.domain.evidence.evaluation import Evaluations

    return _documents(snapshot.get(Evaluations, number))


def _documents(reported: "Checks | Evaluations | None") -> dict[str, dict[str, Any]]:
    """What was reported of the version, by name, as gates and conditions read it."""
    if reported is None:
        return {}
    return {name: {**one.document(), "revision": one.revision} for name, one in reported.by_name.items()}


def _rivals(snapshot: Snapshot, model: Model, gates: tuple[Gate, ...]) -> dict[str, Rival | None]:
    measured = measured_rivals(gates, model)
    return {
        place: None if holder is None else _rival(snapshot, holder, holder in measured)
        for place, holder in rivals_of(gates, model).items()
    }


def _rival(snapshot: Snapshot, holder: int, measured: bool) -> Rival | None:
    """The version that gates compare with. Its evaluations were read if it is ``measured``."""
    version = snapshot.get(Version, holder)
    if version is None:
        return None
    evaluations = _evaluations(snapshot, version.model, holder) if measured else {}
    return Rival(version.number, version.description.metrics, evaluations, version.people)


def _evaluate(expression: str, variables: Mapping[str, Any]) -> ConditionResult:
    # Late: most schemes have no conditions, and the evaluator costs an import.
    from chalicelib.registry.schemes.conditions import evaluate

    return evaluate(expression, variables)


def _licensing(services: Services, model: str, number: int, card: Card) -> "Licensing":
    # Late, as the evaluator: few schemes have such gates, and lineage is read for them alone.
    from chalicelib.registry.licenses.ancestors import licensing_of

    return licensing_of(services, model, number, card.fields)


def _file_formats(services: Services, model: str, number: int) -> tuple[FileFormat, ...]:
    # As for the one before.
    from chalicelib.registry.scanning.file_formats import file_formats

    return file_formats(services, model, number)


def load_transition_context(
    services: Services, model: str, number: int, to_stage: str | None = None, request: int | None = None
) -> TransitionContext:
    """The context for looking only, without what a move would end or rewrite. ``request`` is one known before.

    With ``to_stage``, it is for the move there only, else for every move from where the version stands.
    """
    asked = [*context_keys(model, number), *([] if request is None else [keys.request(model, request)])]
    first = load(services, model, asked)
    further = [key for key in _looked_at(first, number, to_stage) if key not in asked]
    if further:
        first = first.with_more(further, services.table.load(further))
    return transition_context(services, first, model, number, services.clock())


def load_for_requests(services: Services, first: Snapshot, model: str, numbers: Sequence[int]) -> Snapshot:
    """The snapshot with all that judging these open requests needs: themselves, their versions, reports and rivals."""
    head = loaded_model(first, model)
    versions = sorted({head.open_requests[number][0] for number in numbers})
    needed = [*model_keys(model, requests=numbers)[1:], *_judged_keys(model, versions)]
    snapshot = first.with_more(needed, services.table.load_all(needed))
    rivals = _rival_keys(snapshot, versions)
    return snapshot.with_more(rivals, services.table.load_all(rivals)) if rivals else snapshot


def load_for_requests_of_many(
    services: Services, requests: Sequence[TransitionRequest], spent: Spent
) -> dict[str, Snapshot]:
    """For each model of these requests, a snapshot with all that judging them needs but the requests themselves.

    A model that is gone has an empty one.
    """
    versions: dict[str, list[int]] = {}
    for request in requests:
        versions.setdefault(request.model, []).append(request.version)
    asked = {
        model: [*model_keys(model, scheme=True), keys.card(model), *_judged_keys(model, sorted(set(numbers)))]
        for model, numbers in versions.items()
    }
    found = services.table.load_all([key for wanted in asked.values() for key in wanted], spent)
    snapshots = {model: snapshot_of(model, wanted, found) for model, wanted in asked.items()}
    rivals = {model: _rival_keys(snapshot, versions[model]) for model, snapshot in snapshots.items()}
    # What belongs to the registry and to no model is wanted for several of them, and read once.
    compared = services.table.load_all(list(dict.fromkeys(key for wanted in rivals.values() for key in wanted)), spent)
    return {model: snapshot.with_more(rivals[model], compared) for model, snapshot in snapshots.items()}


def _judged_keys(model: str, versions: Sequence[int]) -> list[Key]:
    """Versions, and what was reported of them."""
    reports = [key for version in versions for key in (keys.checks(model, version), keys.evaluations(model, version))]
    return [*model_keys(model, versions=versions)[1:], *reports]


def _rival_keys(snapshot: Snapshot, versions: Sequence[int]) -> list[Key]:
    """What only the gates of these versions' moves look at, as far as it was not read yet."""
    head = snapshot.get(Model)
    if head is None:
        return []
    scheme = loaded_scheme(snapshot)
    standing = [
        (number, version.stage) for number in versions if (version := snapshot.get(Version, number)) is not None
    ]
    asked = [
        key
        for number, stage in standing
        for key in gated_keys(head, number, leaving_gates(head, scheme, stage), known=versions)
    ]
    return list(dict.fromkeys(asked))


def _looked_at(snapshot: Snapshot, number: int, to_stage: str | None) -> list[Key]:
    model, version = snapshot.get(Model), snapshot.get(Version, number)
    if model is None or version is None or not version.visible:
        return []
    asked = model_keys(
        model.name,
        requests=[asked for asked in model.requests_of(number) if to_stage in (None, model.open_requests[asked][1])],
    )
    return [*asked, *gated_keys(model, number, leaving_gates(model, loaded_scheme(snapshot), version.stage))]
