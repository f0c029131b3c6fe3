"""Reads pickles one after another, as their loaders do, and says what cannot be read."""

from contextlib import suppress
from typing import Final

from chalicelib.domain.scanning.pickles.arrays import skip_array
from chalicelib.domain.scanning.pickles.budget import Budget
from chalicelib.domain.scanning.pickles.findings import Findings
from chalicelib.domain.scanning.pickles.limits import MAX_OPCODES, MAX_PICKLES
from chalicelib.domain.scanning.pickles.machine import Machine
from chalicelib.domain.scanning.pickles.opcodes import EFFECTS, STOP
from chalicelib.domain.scanning.pickles.stream import BeyondLimitsError, BrokenError, Stream
from chalicelib.domain.scanning.pickles.values import Value
from chalicelib.domain.scanning.source import TooMuchReadError

# How files begin that torch wrote before it used zip: five pickles, of which this number is the first, then storages.
_TORCH_MAGIC: Final = 0x1950A86A20F9469CFC6C
_TORCH_PICKLES: Final = 5


def read_all(stream: Stream, findings: Findings, *, joblib: bool = True) -> str:
    """Follows every pickle of the stream; the format that it turns out to be.

    Without ``joblib``, the loader is known to be another, which takes the bytes of joblib's arrays for opcodes.
    """
    reader = _Reader(findings, joblib=joblib)
    try:
        reader.read_all(stream)
    except BrokenError as error:
        findings.review(*("trailing_bytes", _TRAILING) if reader.pickles else ("broken", str(error)))
    except (BeyondLimitsError, TooMuchReadError) as error:
        findings.review("too_much", str(error) or "More of it would have to be read than a scan reads.")
    return reader.format


_TRAILING: Final = "Bytes follow its last pickle that are none."


class _Reader:
    def __init__(self, findings: Findings, *, joblib: bool) -> None:
        self.format = "pickle"
        self.pickles = 0
        self._findings = findings
        self._joblib = joblib
        self._budget = Budget()
        # Whether bytes of an array were skipped that end the loading by anything but joblib.
        self._only_joblib = False
        self._storages: dict[str, int] = {}

    def read_all(self, stream: Stream) -> None:
        while True:
            if self.pickles == MAX_PICKLES:
                raise BeyondLimitsError(f"It is made of more than {MAX_PICKLES} pickles.")
            value = self._read(stream, joblib=self._joblib)
            self.pickles += 1
            if self.pickles == 1 and value == _TORCH_MAGIC:
                self.format = "torch"
            if self.format == "torch" and self.pickles == _TORCH_PICKLES:
                self._skip_storages(stream)
            if not stream.left:
                return

    def _read(self, stream: Stream, *, joblib: bool) -> Value:
        """Follows one pickle; the value that it is loaded as."""
        machine = Machine(stream, self._findings, self._budget)
        self._run(machine, joblib=joblib)
        if stream.left_in_frame:
            self._findings.review("malformed", "It stops inside of a frame, where loaders don't agree on what follows.")
        stream.go_to(stream.position)
        self._storages.update(machine.storages)
        return machine.pop()

    def _run(self, machine: Machine, *, joblib: bool) -> None:
        read, effects, budget = machine.stream.opcode, EFFECTS, self._budget
        while (code := read()) != STOP:
            effect = effects.get(code)
            if effect is None:
                raise BrokenError(
                    f"It has an unknown opcode, {code!r}." if code else "It ends without its last opcode."
                )
            budget.opcodes -= 1
            if budget.opcodes < 0:
                raise BeyondLimitsError(f"It has more than {MAX_OPCODES} opcodes.")
            effect(machine)
            if machine.awaits_array:
                machine.awaits_array = False
                if joblib:
                    self._read_array(machine)

    def _read_array(self, machine: Machine) -> None:
        self.format = "joblib"
        if skip_array(machine):
            self._only_joblib = True
            return
        start = machine.stream.position
        self._read(machine.stream, joblib=False)
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
            self._run(machine.continued(), joblib=False)
        stream.go_to(end)

    def _skip_storages(self, stream: Stream) -> None:
        """What torch reads after its pickles: of each storage, eight bytes with its length, and its elements."""
        stream.skip(sum(8 + length for length in self._storages.values()))
