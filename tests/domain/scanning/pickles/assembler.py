"""Pickles written opcode by opcode, as no pickler would write them."""

import struct
from typing import Self


class Assembly:
    """Opcodes one after another. Values are pushed with the newest opcodes unless a method says otherwise."""

    def __init__(self, protocol: int | None = 4) -> None:
        self._content = b"" if protocol is None else bytes([0x80, protocol])

    def raw(self, content: bytes) -> Self:
        self._content += content
        return self

    def text(self, value: str) -> Self:
        content = value.encode("utf-8", "surrogatepass")
        return self.raw(b"X" + struct.pack("<I", len(content)) + content)

    def short_text(self, value: str) -> Self:
        content = value.encode()
        return self.raw(b"\x8c" + bytes([len(content)]) + content)

    def integer(self, value: int) -> Self:
        return self.raw(b"J" + struct.pack("<i", value))

    def content(self, value: bytes) -> Self:
        return self.raw(b"B" + struct.pack("<I", len(value)) + value)

    def none(self) -> Self:
        return self.raw(b"N")

    def true(self) -> Self:
        return self.raw(b"\x88")

    def mark(self) -> Self:
        return self.raw(b"(")

    def empty_tuple(self) -> Self:
        return self.raw(b")")

    def pair(self) -> Self:
        return self.raw(b"\x86")

    def single(self) -> Self:
        return self.raw(b"\x85")

    def triple(self) -> Self:
        return self.raw(b"\x87")

    def tuple(self) -> Self:
        """Of everything above the mark."""
        return self.raw(b"t")

    def empty_list(self) -> Self:
        return self.raw(b"]")

    def empty_dictionary(self) -> Self:
        return self.raw(b"}")

    def append(self) -> Self:
        return self.raw(b"a")

    def set_item(self) -> Self:
        return self.raw(b"s")

    def set_items(self) -> Self:
        return self.raw(b"u")

    def pop(self) -> Self:
        return self.raw(b"0")

    def remember(self, index: int) -> Self:
        return self.raw(b"r" + struct.pack("<I", index))

    def memoize(self) -> Self:
        return self.raw(b"\x94")

    def recall(self, index: int) -> Self:
        return self.raw(b"j" + struct.pack("<I", index))

    def imports(self, module: str, name: str) -> Self:
        """GLOBAL: both names as lines."""
        return self.raw(b"c" + module.encode() + b"\n" + name.encode() + b"\n")

    def imports_from_stack(self) -> Self:
        return self.raw(b"\x93")

    def instance(self, module: str, name: str) -> Self:
        """INST, with the arguments above the mark."""
        return self.raw(b"i" + module.encode() + b"\n" + name.encode() + b"\n")

    def call(self) -> Self:
        return self.raw(b"R")

    def create(self) -> Self:
        return self.raw(b"\x81")

    def build(self) -> Self:
        return self.raw(b"b")

    def runs(self, module: str, name: str, *arguments: str) -> Self:
        """Imports a function, and calls it with texts."""
        self.imports(module, name).mark()
        for argument in arguments:
            self.text(argument)
        return self.tuple().call()

    def stop(self) -> bytes:
        return self._content + b"."


def array_file(description: str, elements: bytes, version: tuple[int, int] = (1, 0)) -> bytes:
    """An array file of NumPy with that header."""
    header = description.encode("latin-1") + b"\n"
    length = struct.pack("<H" if version == (1, 0) else "<I", len(header))
    return b"\x93NUMPY" + bytes(version) + length + header + elements


def dtype(
    assembly: Assembly, code: str, *, size: int = -1, flags: int = 0, version: int = 3, unit: bool | None = None
) -> Assembly:
    """Pushes a type of array elements without fields, with its state. By default times have a unit, and others none."""
    assembly.imports("numpy", "dtype").mark().text(code).raw(b"\x89\x88").tuple().call()
    assembly.mark().integer(version).text("<").none().none().none().integer(size).integer(size).integer(flags)
    if unit if unit is not None else code[0] in "Mm":
        assembly.none().mark().content(b"ns").integer(1).integer(1).integer(1).tuple().pair()
    return assembly.tuple().build()


def array_of_joblib(
    assembly: Assembly, code: str, shape: tuple[int, ...], *, size: int = -1, flags: int = 0, alignment: bool = True
) -> Assembly:
    """Pushes joblib's stand-in for an array. What is appended to it next are the bytes of the array."""
    assembly.imports("joblib.numpy_pickle", "NumpyArrayWrapper").empty_tuple().create()
    assembly.empty_dictionary().mark()
    assembly.text("subclass").imports("numpy", "ndarray")
    assembly.text("shape").mark()
    for length in shape:
        assembly.integer(length)
    assembly.tuple().text("order").text("C")
    dtype(assembly.text("dtype"), code, size=size, flags=flags)
    assembly.text("allow_mmap").true()
    if alignment:
        assembly.text("numpy_array_alignment_bytes").integer(16)
    return assembly.set_items().build()
