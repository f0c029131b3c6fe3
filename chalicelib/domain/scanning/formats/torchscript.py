"""TorchScript: the code of a compiled model, which PyTorch runs by itself, without Python.

The language has no imports, so what code can do is in the operators that it calls. Some read and write files.
"""

import re
from typing import Final

from chalicelib.domain.scanning.file_scan import FileScan
from chalicelib.domain.scanning.reasons import review, shown
from chalicelib.domain.scanning.source import Source, TooMuchReadError

FORMAT: Final = "torchscript"
# Bytes of one file of code.
MAX_CODE: Final = 16 * 1024 * 1024
_FILES: Final = re.compile(r"\b(?:from_file|torch\.save|torch\.load|aten\.save|aten::save|read_file|write_file)\b")
_CUSTOM: Final = re.compile(r"\bops\.(?!(?:aten|prim|prims|quantized|onnx|inductor)\.)(\w+)\.")


def scan_torchscript(source: Source) -> FileScan:
    """Raises TooMuchReadError."""
    if source.size > MAX_CODE:
        raise TooMuchReadError
    code = source.read(0, source.size).decode(errors="replace")
    reasons = []
    if match := _FILES.search(code):
        reasons.append(review("torchscript_file", f"Its code calls {match.group()}, which reads or writes files."))
    for name in sorted(set(_CUSTOM.findall(code))):
        text = f"Its code calls operators of {shown(name)}, which a native library must bring."
        reasons.append(review("custom_operators", text))
    return FileScan(FORMAT, tuple(reasons))
