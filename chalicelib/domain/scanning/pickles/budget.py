"""What all pickles of one file may take together."""

from chalicelib.domain.scanning.pickles.limits import MAX_OBJECTS, MAX_OPCODES
from chalicelib.domain.scanning.pickles.stream import BeyondLimitsError


class Budget:
    """``opcodes`` is how many are left. It is counted down where they are followed, without a call for each."""

    def __init__(self) -> None:
        self.opcodes = MAX_OPCODES
        self._objects = MAX_OBJECTS

    def spend_object(self) -> None:
        self._objects -= 1
        if self._objects < 0:
            raise BeyondLimitsError(f"It makes more than {MAX_OBJECTS} objects.")
