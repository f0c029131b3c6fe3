"""The arrays that joblib writes between the opcodes of a pickle.

joblib pickles a ``NumpyArrayWrapper`` in place of an array. Once its state is set, the bytes of the array follow: a
pickle if its elements are objects; else, since joblib 1.2, one byte with a number of bytes of padding, the padding,
and the elements (``numpy_pickle.py`` of joblib).

Other loaders know nothing of it, and take the same bytes for opcodes. So only what they cannot follow is skipped.
"""

from typing import Final

from chalicelib.domain.scanning.pickles.dtypes import element_bytes, element_count, holds_objects, is_known
from chalicelib.domain.scanning.pickles.machine import Machine
from chalicelib.domain.scanning.pickles.stream import BrokenError
from chalicelib.domain.scanning.pickles.values import Made, Plain, Record

# joblib aligns to so many bytes. No number up to it is an opcode, so other loaders stop at the byte that says it.
_ALIGNMENT: Final = 16


def skip_array(machine: Machine) -> bool:
    """Skips the array that the wrapper on top of the stack stands for, and puts the array in its place.

    False means that its elements are objects, and that a pickle follows. Raises BrokenError if nobody can tell where
    it begins or ends.
    """
    wrapper = machine.pop()
    machine.stack.append(Plain.DATA)
    state = wrapper.state if isinstance(wrapper, Made) else None
    if not isinstance(state, Record) or not state.complete:
        raise BrokenError("It has an array of joblib whose description cannot be read.")
    if machine.stream.left_in_frame:
        # joblib reads a whole frame before it looks at the array, and other loaders don't.
        raise BrokenError("It has an array of joblib inside of a frame, where loaders don't agree on what follows.")
    elements = state.get("dtype")
    if not is_known(elements):
        raise BrokenError("It has an array of joblib of which nobody can tell what its elements are.")
    if holds_objects(elements):
        return False
    each, count = element_bytes(elements), element_count(state.get("shape"))
    if each is None or count is None:
        raise BrokenError("It has an array of joblib of which nobody can tell how long it is.")
    if state.get("numpy_array_alignment_bytes") != _ALIGNMENT:
        raise BrokenError("It has an array of a joblib before 1.2, whose bytes other loaders take for opcodes.")
    padding = machine.stream.exactly(1)[0]
    if padding > _ALIGNMENT:
        raise BrokenError("It has an array of joblib with more padding than joblib writes.")
    machine.stream.skip(padding + each * count)
    return True
