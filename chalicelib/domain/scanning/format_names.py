"""The formats of files: by their content where a scan has looked at it, else by what their names promise."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from chalicelib.domain.scanning.file_scan import FileScan

# What neither the content nor the name shows.
UNKNOWN: Final = "unknown"
_BY_ENDING: Final[Mapping[str, str]] = {
    ".pkl": "pickle",
    ".pickle": "pickle",
    ".joblib": "joblib",
    ".pt": "torch",
    ".pth": "torch",
    ".ckpt": "torch",
    ".bin": "torch",
    ".pt2": "torch_export",
    ".npy": "npy",
    ".npz": "npz",
    ".safetensors": "safetensors",
    ".gguf": "gguf",
    ".onnx": "onnx",
    ".pb": "saved_model",
    ".keras": "keras",
    ".h5": "hdf5",
    ".hdf5": "hdf5",
    ".ubj": "ubjson",
    ".zip": "zip",
    ".tar": "tar",
    ".tar.gz": "tar",
    ".tgz": "tar",
    ".7z": "archive",
    ".mar": "zip",
    ".whl": "zip",
    ".json": "text",
    ".yaml": "text",
    ".yml": "text",
    ".py": "text",
    ".ipynb": "text",
    ".txt": "text",
    ".md": "text",
    ".csv": "text",
    ".toml": "text",
    ".cfg": "text",
    ".parquet": "parquet",
    ".llamafile": "executable",
    ".so": "executable",
    ".exe": "executable",
    ".rds": "rds",
}


@dataclass(frozen=True, slots=True)
class FileFormat:
    """The format of a file of a version; UNKNOWN if nothing shows it. ``scanned``: its content shows it."""

    path: str
    format: str
    scanned: bool


def file_format(path: str, scan: FileScan | None) -> FileFormat:
    """The format of a file that was perhaps scanned. A scan that does not know it leaves it to the name."""
    if scan is not None and scan.format:
        return FileFormat(path, scan.format, scanned=True)
    return FileFormat(path, format_by_name(path), scanned=False)


def format_by_name(path: str) -> str:
    """The format that a file's name promises; UNKNOWN if it promises none."""
    name = path.rpartition("/")[2].lower()
    fitting = (ending for ending in _BY_ENDING if name.endswith(ending))
    return _BY_ENDING.get(max(fitting, key=len, default=""), UNKNOWN)
