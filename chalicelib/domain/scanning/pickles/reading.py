"""Reads pickles one after another, as their loaders do, and says what cannot be read."""

from contextlib import suppress
from typing import Final

from chalicelib.domain.scanning.pickles.arrays import skip_array
from chalicelib.domain.scanning.pickles.budget import Budget
from chalicelib.domain.scanning.pickles.findings import Findings
from chalicelib.domain.scanning.pickles.limits import MAX_DEPTH, MAX_PICKLES
from chalicelib.domain.scanning.pickles.machine import Machine
from chalicelib.domain.scanning.pickles.opcodes import EFFECTS, STOP
from chalicelib.domain.scanning.pickles.stream import BeyondLimitsError, BrokenError, Stream
from chalicelib.domain.scanning.pickles.values import Value
from chalicelib.domain.scanning.source import TooMuchReadError

# How files begin that torch wrote before it used zip: five pickles, of which this number is the first, then storages.
_TORCH_MAGIC: Final = 0x1950A86A20F9469CFC6C
_TORCH_PICKLES: Final = 5
# In place of a depth: the loader knows nothing of joblib's arrays.
_NO_ARRAYS: Final = -1


def read_all(stream: Stream, findings: Findings) -> str:
    """Follows every pickle of the stream; the format that it turns out to be."""
    reader = _Reader(findings)
    try:
        reader.read_all(stream)
    except BrokenError as error:
        findings.review(*("trailing_bytes", _TRAILING) if reader.pickles else ("broken", str(error)))
    except (BeyondLimitsError, TooMuchReadError) as error:
        findings.review("too_much", str(error) or "More of it would have to be read than a scan reads.")
    return reader.format


_TRAILING: Final = "Bytes follow its last pickle that are none."


class _Reader:
    def __init__(self, findings: Findings) -> None:
        self.format = "pickle"
        self.pickles = 0
        self._findings = findings
        self._budget = Budget()
        # Whether bytes of an array were skipped that end the loading by anything but joblib.
        self._only_joblib = False
        self._storages: dict[str, int] = {}

    def read_all(self, stream: Stream) -> None:
        while True:
            if self.pickles == MAX_PICKLES:
                raise BeyondLimitsError(f"It is made of more than {MAX_PICKLES} pickles.")
            value = self._read(stream, MAX_DEPTH)
            self.pickles += 1
            if self.pickles == 1 and value == _TORCH_MAGIC:
                self.format = "torch"
            if self.format == "torch" and self.pickles == _TORCH_PICKLES:
                self._skip_storages(stream)
            if not stream.left:
                return

    def _read(self, stream: Stream, depth: int) -> Value:
        """Follows one pickle; the value that it is loaded as."""
        machine = Machine(stream, self._findings, self._budget)
        self._run(machine, depth)
        if stream.position < machine.frame_end:
            self._findings.review("malformed", "It stops inside of a frame, where loaders don't agree on what follows.")
        self._storages.update(machine.storages)
        return machine.pop()

    def _run(self, machine: Machine, depth: int) -> None:
        read, effects, budget = machine.stream.byte, EFFECTS, self._budget
        while (code := read(1)) != STOP:
            effect = effects.get(code)
            if effect is None:
                raise BrokenError(
                    f"It has an unknown opcode, {code!r}." if code else "It ends without its last opcode."
                )
            budget.spend_opcode()
            effect(machine)
            if machine.awaits_array:
                machine.awaits_array = False
                if depth != _NO_ARRAYS:
                    self._read_array(machine, depth)

    def _read_array(self, machine: Machine, depth: int) -> None:
        self.format = "joblib"
        if skip_array(machine):
            self._only_joblib = True
            return
        if not depth:
            raise BeyondLimitsError(f"It has pickles in pickles, more than {MAX_DEPTH} deep.")
        start = machine.stream.position
        self._read(machine.stream, depth - 1)
        if not self._only_joblib:
            self._read_as_others_do(machine, start)

    def _read_as_others_do(self, machine: Machine, start: int) -> None:
        """Follows the pickle of an array again, as loaders would that know nothing of joblib.

        joblib gives it a memo of its own. Others go on with the memo of the whole, in which the same numbers may mean
        other names. They stop where it stops, or where it makes no sense to them.
        """
        stream, end = machine.stream, machine.stream.position
        stream.go_to(start)
        with suppress(BrokenError):
            self._run(Machine(stream, self._findings, self._budget, machine), _NO_ARRAYS)
        stream.go_to(end)

    def _skip_storages(self, stream: Stream) -> None:
        """What torch reads after its pickles: of each storage, eight bytes with its length, and its elements."""
        stream.skip(sum(8 + length for length in self._storages.values()))
