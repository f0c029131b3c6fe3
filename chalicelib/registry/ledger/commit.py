"""The one door: load, decide, and commit a change with its events and its receipt in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from chalicelib.aws import correlation, keys
from chalicelib.aws.keys import Key
from chalicelib.aws.ledger import writes
from chalicelib.aws.ledger.codec import Records
from chalicelib.aws.services import Services
from chalicelib.aws.sizes import written_bytes
from chalicelib.aws.table import Item, LostRaceError
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.errors import LedgerDamagedError, LimitExceededError, PreconditionFailedError, UnavailableError
from chalicelib.domain.ledger.decision import NoChange, Outcome
from chalicelib.domain.ledger.events import Head, Stamp
from chalicelib.domain.ledger.facts import Tell
from chalicelib.domain.ledger.late import Late
from chalicelib.domain.ledger.record import Record
from chalicelib.domain.ledger.settlement import Effect, Settlement, settle
from chalicelib.registry.ledger.contention import Attempts
from chalicelib.registry.ledger.receipts import Receipt
from chalicelib.registry.ledger.snapshot import Snapshot

R = TypeVar("R")
S = TypeVar("S")

# Of DynamoDB's TransactWriteItems.
MAX_WRITES: Final = 100
MAX_BYTES: Final = 4 * 1024**2


@dataclass(frozen=True, slots=True)
class Idempotency:
    """A key for a request, and the fingerprint of the request that it stands for.

    A key that is valid ``until_answered`` was not chosen by the caller, but made from the request: after the answer,
    the same request is a new one.
    """

    key: str
    fingerprint: str
    until_answered: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """What a change needs to know of the request that asks for it.

    ``began`` is when the request arrived, by the clock that never goes back. All its changes share one time budget.
    """

    principal: Principal
    request_id: str
    idempotency: Idempotency | None = None
    if_match: str | None = None
    began: float | None = None

    @property
    def receipt(self) -> Receipt | None:
        """The receipt that the request's idempotency key asks for."""
        if self.idempotency is None:
            return None
        given = self.idempotency
        answerer = self.request_id if given.until_answered else None
        return Receipt(keys.once(self.principal.name, given.key), given.fingerprint, answerer)

    def check_match(self, revision: int) -> None:
        """Raise PreconditionFailedError if the caller's ETags do not include the entity's present revision."""
        if self.if_match is None or self.if_match.strip() == "*":
            return
        if f'"{revision}"' not in (tag.strip() for tag in self.if_match.split(",")):
            raise PreconditionFailedError(
                f'The entity has changed: its ETag is now "{revision}". Read it again before changing it.'
            )

    def check_match_if_there(self, revision: int | None, absence: str) -> None:
        """As ``check_match``. An entity that does not exist matches no ETag: ``absence`` says that it is absent."""
        if revision is not None:
            self.check_match(revision)
        elif self.if_match is not None:
            raise PreconditionFailedError(f"{absence}, so it cannot match {self.if_match}.")


@dataclass(frozen=True, slots=True)
class Changed(Generic[R]):
    """The result of a change. ``replayed``: an earlier request with the same idempotency key had made it."""

    result: R
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger: its name, whose partition it lies in, the type of its state, its kinds of records, and what follows.

    ``effects`` are what a change brings about, ``tells`` what its event says beyond the records that are saved.
    """

    name: str
    owner: str
    state: type[Record]
    records: Records
    effects: tuple[Effect | Late, ...] = ()
    tells: tuple[Tell | Late, ...] = ()


def change(
    services: Services,
    request: Request,
    ledger: Ledger,
    asked: Sequence[Key],
    read: Callable[[Snapshot], tuple[Snapshot, S]],
    decide: Callable[[S, Stamp], Outcome[R]],
    recall: Callable[[str], R],
) -> Changed[R]:
    """Change a ledger: read ``asked`` in one call, decide, and commit in one transaction.

    ``read`` turns the first read into what ``decide`` takes, and may read more: the transaction's condition on the
    ledger's revision makes all reads as good as one. ``decide`` is pure. It is called again with newer state when
    another writer was faster. ``recall`` finds the result of an earlier request with the same idempotency key, from the
    decision's ``subject``. Raises ContentionError when other writers were faster for the twenty seconds of the request.
    """
    attempts = Attempts(services.sleep, services.monotonic, request.began)
    receipt = request.receipt
    wanted = list(dict.fromkeys([keys.head(ledger.name), *asked]))
    to_load = wanted if receipt is None else [*wanted, receipt.key]
    while True:
        now = services.clock()
        found = services.table.load(to_load)
        if receipt is not None:
            written = found.get(receipt.key)
            if receipt.is_being_answered(written, now):
                attempts.wait_for_next()
                continue
            earlier = receipt.subject(written, now)
            if written is not None and earlier is not None:
                if receipt.claim(services.table, written, now):
                    return Changed(recall(earlier), replayed=True)
                attempts.wait_for_next()
                continue
        snapshot, given = read(Snapshot(ledger.records, ledger.owner, wanted, found))
        before = snapshot.get(ledger.state)
        head: Head = Head() if before is None else before.head  # type: ignore[attr-defined]  # every state has a head
        # Clocks of two machines differ; the times of one ledger never go back.
        time = max(now, head.time)
        principal, event_id = request.principal, services.new_id()
        stamp = Stamp(
            principal.name,
            request.request_id,
            event_id,
            time,
            head.revision + 1,
            principal.person,
            correlation.current() or request.request_id,
        )
        outcome = decide(given, stamp)
        if isinstance(outcome, NoChange):
            # Without a receipt, a retry would act on what the state has become since. A single write is enough: the
            # request counts as made when the state was read.
            if receipt is None or receipt.save(services.table, outcome.subject, time):
                return Changed(outcome.result)
            continue
        settlement = settle(ledger.name, before, outcome, stamp, snapshot.find, ledger.effects, ledger.tells)
        result = outcome.present(settlement.saved(outcome.basis))
        try:
            _commit(services, ledger, settlement, outcome.subject, receipt)
            return Changed(result)
        except LostRaceError as race:
            # The answer to an earlier attempt of the SDK may have been lost: then the head is our own last event.
            if _is_own(race.old, settlement.stamp):
                return Changed(result)
            _check_head_keeps_up(ledger, stamp, race)
            attempts.wait_for_next()


def repeated(services: Services, request: Request, recall: Callable[[str], R]) -> Changed[R] | None:
    """What an earlier request with the same idempotency key has made; None if that is not known.

    For a use case that has much to do before it changes a ledger. The change looks again.
    """
    receipt = request.receipt
    if receipt is None:
        return None
    written, now = services.table.get(receipt.key), services.clock()
    subject = receipt.subject(written, now)
    if written is None or subject is None or receipt.is_being_answered(written, now):
        return None
    return Changed(recall(subject), replayed=True) if receipt.claim(services.table, written, now) else None


def take_back_receipt(services: Services, request: Request) -> None:
    """End a receipt that is valid until the answer. The caller is told now what the request made.

    Raises UnavailableError if the request took so long that a repeated one answers in its place.
    """
    receipt = request.receipt
    if receipt is None or receipt.answerer is None or receipt.take_back(services.table, services.clock()):
        return
    raise UnavailableError(
        "This took so long that another call with the same content got the answer. Make the call again if you need "
        "what it makes once more."
    )


def _is_own(stored: Item | None, stamp: Stamp) -> bool:
    return stored is not None and stored.get("head_event") == stamp.event_id


def _check_head_keeps_up(ledger: Ledger, stamp: Stamp, race: LostRaceError) -> None:
    """Raise LedgerDamagedError if the head stands where it stood, but the event that it is to name is there already.

    Another writer writes both at once, so trying again cannot help.
    """
    if writes.EVENT_WRITE in race.refused and writes.HEAD_WRITE not in race.refused:
        raise LedgerDamagedError(
            f"The ledger {ledger.name} has an event {stamp.revision} already, but its head names event "
            f"{stamp.revision - 1} as the last. Somebody changed one of the two past the registry. Nothing is changed "
            "until an operator has compared the ledger with an anchor and restored it (moorage audit verify)."
        )


def _commit(services: Services, ledger: Ledger, settlement: Settlement, subject: str, receipt: Receipt | None) -> None:
    transaction = writes.commit_writes(services.table, ledger.records, ledger.name, settlement)
    if receipt is not None:
        transaction.append(receipt.write(services.table, subject, settlement.stamp.time))
    if len(transaction) > MAX_WRITES:
        raise LimitExceededError(
            f"This takes {len(transaction)} writes at once, of which each changed tag is one, and {MAX_WRITES} can be "
            "made. Change fewer tags at a time."
        )
    size = sum(map(written_bytes, transaction))
    if size > MAX_BYTES:
        raise LimitExceededError(
            f"This writes {size} bytes at once, and {MAX_BYTES} can be written. Change less at a time."
        )
    services.table.transact(transaction)


def reading_more(
    services: Services, more: Callable[[Snapshot], Sequence[Key]] | None
) -> Callable[[Snapshot], tuple[Snapshot, Snapshot]]:
    """For ``change``: read what ``more`` names from the first read, then decide on both reads together."""

    def read(first: Snapshot) -> tuple[Snapshot, Snapshot]:
        further = [] if more is None else [key for key in more(first) if not first.asked_for(key)]
        whole = first.with_more(further, services.table.load(further)) if further else first
        return whole, whole

    return read
