"""The one door: load, decide, and commit a change with its event and its receipt in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Generic, TypeVar

from chalicelib.aws import keys
from chalicelib.aws.cards import comment_items
from chalicelib.aws.cards import items as card_items
from chalicelib.aws.evidence import check_items, evaluation_items
from chalicelib.aws.item import document_from
from chalicelib.aws.keys import Key
from chalicelib.aws.ledger import event_items, writes
from chalicelib.aws.models import items as model_items
from chalicelib.aws.names import FOLLOWED_SCHEME
from chalicelib.aws.promotion import request_items
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item, LostRaceError
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.cards.card import Card
from chalicelib.domain.cards.comment import Comment, parse_id
from chalicelib.domain.errors import LimitExceededError, PreconditionFailedError
from chalicelib.domain.evidence.check import Check
from chalicelib.domain.evidence.evaluation import Evaluation
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger import events
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome, RegistryState, with_moves
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.models.model import Model, Profile
from chalicelib.domain.promotion.transition_request import TransitionRequest
from chalicelib.domain.schemes.presets import DEFAULT_SCHEME, PRESETS
from chalicelib.domain.schemes.scheme import Scheme, scheme_from_document
from chalicelib.domain.versions.manifest import File
from chalicelib.domain.versions.version import Version
from chalicelib.registry.ledger.contention import Attempts
from chalicelib.registry.ledger.receipts import Receipt

R = TypeVar("R")
S = TypeVar("S")

# Of DynamoDB's TransactWriteItems.
MAX_WRITES: Final = 100


@dataclass(frozen=True, slots=True)
class Idempotency:
    """A caller's key for a request, and the fingerprint of the request that it stands for."""

    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Request:
    """What a change needs to know of the request that asks for it."""

    principal: Principal
    request_id: str
    idempotency: Idempotency | None = None
    if_match: str | None = None

    @property
    def receipt(self) -> Receipt | None:
        """The receipt that the request's idempotency key asks for."""
        asked = self.idempotency
        return None if asked is None else Receipt(keys.once(self.principal.name, asked.key), asked.fingerprint)

    def check_match(self, revision: int) -> None:
        """Raise PreconditionFailedError if the caller named other revisions than the entity's present one."""
        if self.if_match is None or self.if_match.strip() == "*":
            return
        if f'"{revision}"' not in (tag.strip() for tag in self.if_match.split(",")):
            raise PreconditionFailedError(
                f'The entity has changed: its ETag is now "{revision}". Read it again before changing it.'
            )

    def check_match_if_there(self, revision: int | None, absence: str) -> None:
        """As ``check_match``, for an entity that may not be there: ``absence`` says so, and no revision matches it."""
        if revision is not None:
            self.check_match(revision)
        elif self.if_match is not None:
            raise PreconditionFailedError(f"{absence}, so it cannot match {self.if_match}.")


@dataclass(frozen=True, slots=True)
class Changed(Generic[R]):
    """The result of a change, and whether an earlier request with the same idempotency key had made it."""

    result: R
    replayed: bool = False


class Snapshot:
    """What was loaded of a model. Asking for what was not loaded is a KeyError, not an absence."""

    def __init__(self, model: str, asked: Sequence[Key], found: dict[Key, Item]) -> None:
        self._name = model
        self._asked = frozenset(asked)
        self._found = found

    @cached_property
    def model(self) -> Model | None:
        stored = self._item(keys.head(events.model_ledger(self._name)))
        return None if stored is None else model_items.model_from(stored)

    @property
    def profile(self) -> Profile:
        stored = self._item(keys.profile(self._name))
        return Profile() if stored is None else model_items.profile_from(stored)

    def version(self, number: int) -> Version | None:
        stored = self._item(keys.version(self._name, number))
        return None if stored is None else model_items.version_from(stored)

    def buried(self, number: int) -> Version | None:
        stored = self._item(keys.buried(self._name, number))
        return None if stored is None else model_items.version_from(stored)

    def manifest(self, number: int) -> tuple[File, ...]:
        stored = self._item(keys.manifest(self._name, number))
        return () if stored is None else model_items.files_from(str(stored["files"]))

    def alias(self, name: str) -> Item | None:
        return self._item(keys.alias(self._name, name))

    @property
    def scheme_document(self) -> Mapping[str, Any]:
        """The document of the scheme that judges the model."""
        stored = self._item(keys.scheme(self._name))
        return PRESETS["default"] if stored is None else document_from(stored)

    @property
    def follows_scheme(self) -> bool:
        """Whether the model is given later versions of its scheme; a built-in one has none."""
        stored = self._item(keys.scheme(self._name))
        return stored is None or FOLLOWED_SCHEME in stored

    @property
    def scheme(self) -> Scheme:
        stored = self._item(keys.scheme(self._name))
        return DEFAULT_SCHEME if stored is None else scheme_from_document(document_from(stored))

    def with_more(self, asked: Sequence[Key], found: dict[Key, Item]) -> "Snapshot":
        """This and what a second read found."""
        return Snapshot(self._name, [*self._asked, *asked], self._found | found)

    def loaded_manifest(self, number: int) -> tuple[File, ...]:
        """The files of a version if they were asked for."""
        return self.manifest(number) if keys.manifest(self._name, number) in self._asked else ()

    def loaded_request(self, number: int) -> TransitionRequest | None:
        """A transition request if it was asked for."""
        return self.request(number) if keys.request(self._name, number) in self._asked else None

    def request(self, number: int) -> TransitionRequest | None:
        stored = self._item(keys.request(self._name, number))
        return None if stored is None else request_items.request_from(stored)

    def document(self, key: Key) -> dict[str, Any]:
        """The document under a key of the model that holds nothing else; empty if there is none."""
        return document_from(self._item(key))

    def checks(self, number: int) -> dict[str, Check]:
        stored = self._item(keys.checks(self._name, number))
        return {} if stored is None else check_items.checks_from(stored)

    def evaluations(self, number: int) -> dict[str, Evaluation]:
        stored = self._item(keys.evaluations(self._name, number))
        return {} if stored is None else evaluation_items.evaluations_from(stored)

    def label_holder(self, label: str) -> int | None:
        stored = self._item(keys.label(self._name, label))
        return None if stored is None else int(stored["number"])

    @property
    def card(self) -> Card:
        """The present revision of the model's card; the empty one if nobody has written any."""
        stored = self._item(keys.card(self._name))
        return Card() if stored is None else card_items.card_from(stored)

    def comment(self, comment_id: str) -> Comment | None:
        subject, sequence = parse_id(comment_id)
        stored = self._item(keys.comment(self._name, str(subject), sequence))
        return None if stored is None else comment_items.comment_from(stored)

    def _item(self, key: Key) -> Item | None:
        if key not in self._asked:
            raise KeyError(key)
        return self._found.get(key)


class RegistrySnapshot:
    """What was loaded of the registry-wide records."""

    def __init__(self, asked: Sequence[Key], found: dict[Key, Item]) -> None:
        self._asked = frozenset(asked)
        self._found = found

    @property
    def ledger(self) -> RegistryState:
        stored = self._found.get(keys.head(events.REGISTRY_LEDGER))
        return RegistryState() if stored is None else model_items.registry_ledger_from(stored)

    def record(self, kind: str, record_id: str) -> dict[str, Any] | None:
        key = keys.record(kind, record_id)
        if key not in self._asked:
            raise KeyError(key)
        stored = self._found.get(key)
        return None if stored is None else event_items.event_from(stored)


def model_keys(
    model: str,
    versions: Sequence[int] = (),
    manifests: Sequence[int] = (),
    profile: bool = False,
    label: str | None = None,
    scheme: bool = False,
    requests: Sequence[int] = (),
) -> list[Key]:
    """Keys of a model's head and of what else a decision on it needs. A version's grave is read with it."""
    asked = [keys.head(events.model_ledger(model))]
    if scheme:
        asked.append(keys.scheme(model))
    asked += [keys.request(model, number) for number in requests]
    for number in versions:
        asked += [keys.version(model, number), keys.buried(model, number)]
    asked += [keys.manifest(model, number) for number in manifests]
    if profile:
        asked.append(keys.profile(model))
    if label is not None:
        asked.append(keys.label(model, label))
    return asked


def change_model(
    services: Services,
    request: Request,
    model: str,
    decide: Callable[[Snapshot, Stamp], Outcome[R]],
    recall: Callable[[str], R],
    asked: Sequence[Key] = (),
    more: Callable[[Snapshot], list[Key]] | None = None,
) -> Changed[R]:
    """Change a model: one read of what is asked (``model_keys``), one decision, one transaction.

    ``more`` names keys that are known only from the first read, for a second one; the transaction's condition on
    the model's revision makes the two reads as good as one.

    ``decide`` may be called again, with newer state, when another writer was faster. ``recall`` finds the result
    of an earlier request again, from the decision's ``subject``, when its idempotency key comes a second time.
    Raises ContentionError when other writers were faster for twenty seconds.
    """
    wanted = list(asked) or model_keys(model)

    def view(found: dict[Key, Item]) -> Snapshot:
        first = Snapshot(model, wanted, found)
        further = [] if more is None else [key for key in more(first) if key not in wanted]
        if not further:
            return first
        return first.with_more(further, services.table.load(further))

    def decide_and_record(snapshot: Snapshot, stamp: Stamp) -> Outcome[R]:
        outcome = decide(snapshot, stamp)
        return outcome if isinstance(outcome, NoChange) else with_moves(snapshot.model, outcome)

    return _change(services, request, events.model_ledger(model), wanted, view, decide_and_record, recall)


def change_registry(
    services: Services,
    request: Request,
    decide: Callable[[RegistrySnapshot, Stamp], Outcome[R]],
    recall: Callable[[str], R],
    records: Sequence[tuple[str, str]] = (),
    more: Callable[[RegistrySnapshot], Sequence[tuple[str, str]]] | None = None,
) -> Changed[R]:
    """Change registry-wide records, as ``change_model`` changes a model."""
    wanted = [
        keys.head(events.REGISTRY_LEDGER),
        *(keys.record(kind, record_id) for kind, record_id in records),
    ]

    def view(found: dict[Key, Item]) -> RegistrySnapshot:
        first = RegistrySnapshot(wanted, found)
        named = [] if more is None else [keys.record(kind, record_id) for kind, record_id in more(first)]
        further = [key for key in named if key not in wanted]
        if not further:
            return first
        return RegistrySnapshot([*wanted, *further], found | services.table.load(further))

    return _change(services, request, events.REGISTRY_LEDGER, wanted, view, decide, recall)


def _change(
    services: Services,
    request: Request,
    ledger: str,
    wanted: list[Key],
    view: Callable[[dict[Key, Item]], S],
    decide: Callable[[S, Stamp], Outcome[R]],
    recall: Callable[[str], R],
) -> Changed[R]:
    attempts = Attempts(services.sleep)
    receipt = request.receipt
    to_load = wanted if receipt is None else [*wanted, receipt.key]
    while True:
        now = services.clock()
        found = services.table.load(to_load)
        earlier = None if receipt is None else receipt.subject(found.get(receipt.key), now)
        if earlier is not None:
            return Changed(recall(earlier), replayed=True)
        # Clocks of two machines differ; the times of one ledger never go back.
        at = max(now, _last_time(found.get(keys.head(ledger))))
        stamp = Stamp(request.principal.name, request.request_id, services.new_id(), at)
        outcome = decide(view(found), stamp)
        if isinstance(outcome, NoChange):
            return Changed(outcome.result)
        try:
            _commit(services, outcome, ledger, stamp, receipt)
            return Changed(outcome.result)
        except LostRaceError as race:
            # The answer to an earlier attempt of the SDK may have been lost: then the head is our own event.
            if race.old is not None and race.old.get("head_event") == stamp.event_id:
                return Changed(outcome.result)
            attempts.wait_for_next()


def _last_time(head: Item | None) -> Instant:
    return Instant("") if head is None else model_items.head_from(head).time


def _commit(
    services: Services,
    decision: Decision[Any],
    ledger: str,
    stamp: Stamp,
    receipt: Receipt | None,
) -> None:
    event = events.chain(ledger, decision.ledger.head, decision.happening, stamp)
    transaction = writes.commit_writes(services.table, decision, ledger, event)
    if receipt is not None:
        transaction.append(receipt.write(services.table, decision.subject, stamp.time))
    if len(transaction) > MAX_WRITES:
        raise LimitExceededError(
            f"This takes {len(transaction)} writes at once, of which each changed tag is one, and {MAX_WRITES} can be "
            "made. Change fewer tags at a time."
        )
    services.table.transact(transaction)
