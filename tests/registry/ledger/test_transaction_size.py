"""The largest transaction that a move can be: DynamoDB takes 100 items, each once, and 4 MB."""

import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.aws.ledger import writes
from chalicelib.aws.model_records import MODEL_RECORDS
from chalicelib.aws.names import PARTITION_KEY, SORT_KEY
from chalicelib.aws.services import Services
from chalicelib.domain.errors import LimitExceededError
from chalicelib.domain.models.model import MAX_ALIASES, Model
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.promotion import request_decisions as requests
from chalicelib.domain.promotion import stage_decisions as stages
from chalicelib.domain.promotion.facts import Facts
from chalicelib.domain.promotion.moves import TransitionContext
from chalicelib.domain.promotion.transition_request import MAX_OPEN_OF_VERSION, TransitionRequest
from chalicelib.domain.versions.contents import Manifest
from chalicelib.registry.ledger import commit
from chalicelib.registry.versions.versions import list_versions
from tests.domain.build import NOW, changed, file, ready, settled, stamp
from tests.domain.schemes.documents import scheme
from tests.registry.build import MODEL, reference, registered
from tests.registry.build import model as stored_model

# As many as a scheme's document may have: 20 stages, 10 aliases that a stage moves.
NAMES = ["draft", "live", "gone", *(f"stage{number}" for number in range(17))]
MOVED = [f"moved{number}" for number in range(10)]
LARGEST = scheme(
    stages=[
        {"name": name, "exclusive": name == "live", "on_enter": {"aliases": MOVED if name == "live" else []}}
        for name in NAMES
    ],
    transitions=[{"from": [other for other in NAMES if other != name], "to": name} for name in NAMES],
)


class Crowd:
    """Version 1 is to put version 2 out; each of the aliases that it takes is another version's."""

    def __init__(self) -> None:
        self.model = Model("fraud", scheme=LARGEST.ref)
        self.versions = {}
        for _ in range(12):
            self.model, version = ready(self.model)
            self.versions[version.number] = version
        self.versions[2] = replace(self.versions[2], stage="live")
        taken = {alias: Pointer(3 + index) for index, alias in enumerate(MOVED)}
        others = {f"other{index}": Pointer(1 + index % 12) for index in range(MAX_ALIASES - len(MOVED))}
        self.model = replace(self.model, aliases={**taken, **others}, stages={"live": Pointer(2)})
        self.requests: dict[int, TransitionRequest] = {}

    def transition_context(self, number: int) -> TransitionContext:
        facts = Facts(self.versions[number], self.model.tier, NOW)
        return TransitionContext(self.model, LARGEST, facts, self.requests)

    def ask(self, number: int) -> None:
        """Ask for every move of the version that there is, as far as one may."""
        for name in NAMES:
            if name != self.versions[number].stage:
                opened = requests.open_request(self.transition_context(number), name, None, None, [], stamp())
                self.model = settled(opened, before=self.model).after
                self.requests[opened.result.number] = opened.result


def places(write: dict[str, Any]) -> str:
    (operation,) = write.values()
    key = operation.get("Key") or operation["Item"]
    return json.dumps([key[PARTITION_KEY], key[SORT_KEY]])


def test_a_move_that_closes_and_moves_all_that_it_can_fits_one_transaction(registry: Services) -> None:
    crowd = Crowd()
    for number in (1, 2):
        with pytest.raises(LimitExceededError, match="open requests already"):
            crowd.ask(number)
    assert len(crowd.requests) == 2 * MAX_OPEN_OF_VERSION
    decision = changed(stages.transition(crowd.transition_context(1), "live", None, None, stamp()))
    # Loaded: the version that moves, its files, the requests. Not loaded: the displaced version, and who loses aliases.
    settlement = settled(
        decision, crowd.versions[1], Manifest(1, (file(),)), *crowd.requests.values(), before=crowd.model
    )
    written = [
        places(write) for write in writes.commit_writes(registry.table, MODEL_RECORDS, "model:fraud", settlement)
    ]
    assert len(set(written)) == len(written)
    # One more for the receipt of an idempotency key.
    assert len(written) + 1 <= 100


def test_a_change_of_too_many_bytes_is_refused_and_nothing_is_written(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored_model(registry)
    files = [reference(f"file-{number}", "https://models.example/file") for number in range(200)]
    with monkeypatch.context() as small:
        small.setattr(commit, "MAX_BYTES", 20_000)
        with pytest.raises(LimitExceededError, match="bytes at once"):
            registered(registry, *files)
    assert list_versions(registry, MODEL, 10, None).items == ()
    # DynamoDB's own bound is far above the largest manifest.
    assert registered(registry, *files).version.number == 1
