"""What scans find in files, one of each verdict."""

from chalicelib.domain.scanning.file_scan import FileScan, Reason
from chalicelib.domain.scanning.verdict import Verdict

RUNS_A_SHELL = Reason(Verdict.UNSAFE, "import", "loading it runs os.system")
IMPORTS_UNKNOWN = Reason(Verdict.REVIEW, "unknown_import", "loading it imports acme.model")
UNKNOWN_FORMAT = Reason(Verdict.UNSCANNED, "unknown_format", "its format is not known")
FOUND = {
    Verdict.CLEAN: FileScan("safetensors"),
    Verdict.UNSCANNED: FileScan("", (UNKNOWN_FORMAT,)),
    Verdict.REVIEW: FileScan("pickle", (IMPORTS_UNKNOWN,), ("acme.model",)),
    Verdict.UNSAFE: FileScan("pickle", (RUNS_A_SHELL,), ("os.system",)),
}
