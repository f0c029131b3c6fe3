"""What all pickles of one file may take together."""

from chalicelib.domain.scanning.pickles.limits import MAX_OBJECTS, MAX_OPCODES
from chalicelib.domain.scanning.pickles.stream import BeyondLimitsError


class Budget:
    def __init__(self) -> None:
        self._opcodes = MAX_OPCODES
        self._objects = MAX_OBJECTS

    def spend_opcode(self) -> None:
        self._opcodes -= 1
        if self._opcodes < 0:
            raise BeyondLimitsError(f"It has more than {MAX_OPCODES} opcodes.")

    def spend_object(self) -> None:
        self._objects -= 1
        if self._objects < 0:
            raise BeyondLimitsError(f"It makes more than {MAX_OBJECTS} objects.")
