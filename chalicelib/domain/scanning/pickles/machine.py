"""The machine that follows one pickle: a real stack with marks and a memo, and what is imported and called on the way.

It does what CPython's unpicklers do (``Lib/pickle.py`` and ``Modules/_pickle.c``), with values of which it knows only
what the rules ask for. Where the two unpicklers differ, it follows both: it goes on where one of them would, and says
that the file is for review.
"""

from collections.abc import Callable
from typing import Final

from chalicelib.domain.scanning.pickles.allowed.entry import Use
from chalicelib.domain.scanning.pickles.allowed.table import JOBLIB_ARRAY
from chalicelib.domain.scanning.pickles.allowed.torch import STORAGES
from chalicelib.domain.scanning.pickles.budget import Budget
from chalicelib.domain.scanning.pickles.calls import called, created
from chalicelib.domain.scanning.pickles.dtypes import DTYPE, is_honest
from chalicelib.domain.scanning.pickles.findings import Findings, printable
from chalicelib.domain.scanning.pickles.imports import judge
from chalicelib.domain.scanning.pickles.limits import (
    MAX_DIFFERENT_IMPORTS,
    MAX_ENTRIES,
    MAX_MEMO_INDEX,
    MAX_MEMO_NUMBER,
    MAX_NAME_CHARACTERS,
)
from chalicelib.domain.scanning.pickles.states import close, problem_of
from chalicelib.domain.scanning.pickles.stream import BeyondLimitsError, BrokenError, Stream
from chalicelib.domain.scanning.pickles.values import ATTRIBUTES_OF_LAYERS, Imported, Made, Plain, Record, Value
from chalicelib.domain.scanning.verdict import Verdict

_JOBLIB_ARRAY: Final = ".".join(JOBLIB_ARRAY)


class Machine:
    """One pickle, from its first opcode to its STOP. ``opcodes.py`` says what each opcode does to it."""

    def __init__(self, stream: Stream, findings: Findings, budget: Budget) -> None:
        self.stream: Final = stream
        self.findings: Final = findings
        self.budget: Final = budget
        self.stack: list[Value] = []
        self.marked: list[list[Value]] = []
        self.memo: dict[int, Value] = {}
        # The memo of the machine that this one goes on for, and how many numbers both use.
        self._earlier_memo: dict[int, Value] = {}
        self._remembered = 0
        self.protocol = 0
        # What torch's persistent ids name: the bytes of each storage, by its key.
        self.storages: dict[str, int] = {}
        # Whether the bytes of an array of joblib follow.
        self.awaits_array = False
        self._judged: dict[tuple[str, str, bool], Imported] = {}

    def pop(self) -> Value:
        if not self.stack:
            raise BrokenError("It takes a value from an empty stack.")
        return self.stack.pop()

    def top(self) -> Value:
        if not self.stack:
            raise BrokenError("It uses a value of an empty stack.")
        return self.stack[-1]

    def pop_to_mark(self) -> list[Value]:
        if not self.marked:
            raise BrokenError("It looks for a mark that was never set.")
        values = self.stack
        self.stack = self.marked.pop()
        return values

    def continued(self) -> "Machine":
        """A machine that goes on with this one's memo, without changing it. Its stack is empty."""
        machine = Machine(self.stream, self.findings, self.budget)
        machine.protocol = self.protocol
        machine._earlier_memo = self.memo
        machine._remembered = self._remembered
        return machine

    def remember(self, index: int) -> None:
        if index < 0:
            raise BrokenError("It remembers a value under a negative number.")
        if index >= MAX_MEMO_NUMBER:
            raise BeyondLimitsError("It remembers values under numbers that no program needs.")
        if index > MAX_MEMO_INDEX:
            self.findings.review("large_memo", f"It remembers values under numbers above {MAX_MEMO_INDEX}.")
        if index not in self.memo and index not in self._earlier_memo:
            self._remembered += 1
        self.memo[index] = self.top()

    def remember_next(self) -> None:
        self.remember(self._remembered)

    def recall(self, index: int) -> None:
        if index in self.memo:
            self.stack.append(self.memo[index])
        elif index in self._earlier_memo:
            self.stack.append(self._earlier_memo[index])
        else:
            raise BrokenError("It recalls a value that it never remembered.")

    def imported(self, module: str, name: str) -> Imported:
        key = (module, name, self.protocol < 3)
        if key not in self._judged:
            if len(module) + len(name) > MAX_NAME_CHARACTERS or len(self._judged) == MAX_DIFFERENT_IMPORTS:
                self.findings.imports(f"{module[:MAX_NAME_CHARACTERS]}.{name[:MAX_NAME_CHARACTERS]}", Verdict.REVIEW)
                raise BeyondLimitsError("It imports more, or longer, names than a scan follows.")
            found, verdict = judge(module, name, self.protocol)
            self.findings.imports(found.path, verdict)
            self._judged[key] = found
        return self._judged[key]

    def imported_from_stack(self) -> None:
        name, module = self.pop(), self.pop()
        if isinstance(name, str) and isinstance(module, str):
            self.stack.append(self.imported(module, name))
            return
        if not (_may_be_text(name) and _may_be_text(module)):
            raise BrokenError("It imports something that is no name.")
        self.findings.review("unresolved_import", "It imports a name that only loading it would tell.")
        self.stack.append(Plain.UNKNOWN)

    def call(self, callee: Value, arguments: Value) -> None:
        self._push_made(callee, called(callee, arguments) if isinstance(callee, Imported) else None, "calls")

    def create(self, made_of: Value, arguments: Value) -> None:
        self._push_made(made_of, created(made_of, arguments), "creates an instance of")

    def _push_made(self, origin: Value, made: Made | Plain | None, does: str) -> None:
        if isinstance(origin, Imported) and made in (None, Plain.UNKNOWN):
            self.findings.acts = True
        if made is None and origin is Plain.UNKNOWN:
            made = Plain.UNKNOWN
        if made is None and _is_data(origin):
            raise BrokenError(f"It {does} something that cannot be called.")
        if made is None:
            named = printable(origin.path) if isinstance(origin, Imported) else "a value"
            self.findings.review(
                "unexpected_call", f"It {does} {named} in a way that is not on the list of what is allowed."
            )
            made = Plain.UNKNOWN
        if isinstance(made, Made):
            self.budget.spend_object()
        self.stack.append(made)

    def set_state(self, state: Value) -> None:
        """What BUILD does: it hands the state to ``__setstate__``, or sets attributes."""
        target = self.top()
        if target is Plain.UNKNOWN:
            return
        # State of an import would change a class or a function for everybody. A second state could call what the
        # first one put in the place of __setstate__.
        if not isinstance(target, Made) or target.built:
            self.findings.acts = True
            self.findings.review("unexpected_state", "It changes the state of something that is no new instance.")
            return
        is_listed = state is Plain.LIST and Use.LISTED in target.entry.uses
        if not is_listed and (problem := problem_of(state)):
            self.findings.review("unexpected_state", problem)
        close(state)
        target.built, target.state = True, state
        if target.path == DTYPE:
            target.honest = is_honest(target)
            if not target.honest:
                self.findings.review(
                    "unexpected_state", "It makes a type of array elements whose parts don't fit together."
                )
        self.awaits_array = target.path == _JOBLIB_ARRAY

    def set_items(self, items: list[Value]) -> None:
        target = self.top()
        if len(items) % 2:
            raise BrokenError("It sets an entry without its value.")
        if isinstance(target, Record):
            keep(target, items)
        elif items:
            self._takes_items(target, Use.INDEXED, "sets entries of")
        if isinstance(target, Record | Made) and items:
            self._note_names(target, items[::2])

    def _note_names(self, target: Record | Made, names: list[Value]) -> None:
        if target.closed:
            self.findings.review("unexpected_items", "It changes a dictionary of a state that was set before.")
        target.special = target.special or any(map(_is_special, names))
        # Python's own dictionaries keep their entries to themselves. Others show them as attributes.
        if target.special and isinstance(target, Made) and Use.CALLED not in target.entry.uses:
            self.findings.review("unexpected_items", "It sets an entry that Python itself or NumPy looks for.")

    def append(self, items: list[Value]) -> None:
        target = self.top()
        if target is not Plain.LIST and items:
            self._takes_items(target, Use.APPENDED, "appends to")

    def add_to_set(self) -> None:
        if self.top() is not Plain.SET:
            self._takes_items(self.top(), None, "adds to")

    def _takes_items(self, target: Value, use: Use | None, does: str) -> None:
        """Elements go into exact lists, dictionaries and sets, and into instances of such kinds before their state.

        Others would have methods called. In torch below 2.10, entries of a tensor are CVE-2026-24747.
        """
        if target is Plain.UNKNOWN:
            return
        if use is None or not isinstance(target, Made) or use not in target.entry.uses or target.built:
            self.findings.acts = True
            self.findings.review("unexpected_items", f"It {does} something that is no such collection.")

    def persistent(self, value: Value) -> None:
        """What a persistent id stands for: storages and classes, as torch names them.

        That is ('storage', type, key, location, count), in old files with a sixth part, of views. Old files also have
        ('module', class, path of its source, source), which is the class: torch compares the source and warns.
        """
        self.stack.append(Plain.UNKNOWN)
        if value is Plain.UNKNOWN:
            return
        if isinstance(value, tuple) and len(value) == 4 and value[0] == "module" and isinstance(value[1], Imported):
            self.stack[-1] = value[1]
            return
        if isinstance(value, tuple) and len(value) in (5, 6):
            kind, storage, key, location, count = value[:5]
            if (
                kind == "storage"
                and isinstance(storage, Imported)
                and storage.path in STORAGES
                and isinstance(key, str)
                and isinstance(location, str)
                and isinstance(count, int)
                and count >= 0
            ):
                self.storages[key] = count * STORAGES[storage.path]
                self.stack[-1] = Plain.OTHER
                return
        self.findings.review("persistent_id", "It names an object outside of it that is no storage of a tensor.")

    def extension(self) -> None:
        self.findings.review(
            "extension", "It imports by a number of copyreg's registry, which only the loading program knows."
        )
        self.stack.append(Plain.UNKNOWN)


def _may_be_text(value: Value) -> bool:
    """Whether it may be a name that this machine does not know. Of anything else, unpicklers import nothing."""
    if isinstance(value, Made):
        return value.path == "builtins.str"
    return isinstance(value, str) or value is Plain.OTHER or value is Plain.UNKNOWN


def _is_data(value: Value) -> bool:
    """Whether it is surely nothing to call, so that unpicklers stop."""
    if isinstance(value, Plain):
        return value in (Plain.DATA, Plain.LIST, Plain.SET)
    return value is None or isinstance(value, str | int | tuple | Record)


def _is_special(name: Value) -> bool:
    """Whether it may be a name with meaning. An instance may be a text that is put together while loading."""
    return isinstance(name, Made) or (isinstance(name, str) and name.startswith("__") and name.endswith("__"))


def keep(record: Record, items: list[Value]) -> None:
    """Sets entries of a dictionary: key, value, key, value."""
    for key, value in zip(items[::2], items[1::2], strict=True):
        if isinstance(key, str) and (key in record or len(record) < MAX_ENTRIES or key in ATTRIBUTES_OF_LAYERS):
            record[key] = value
        else:
            record.complete = False


Effect = Callable[[Machine], None]
