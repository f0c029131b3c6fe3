"""The Content-Type that a file is served with, by the ending of its name."""

from typing import Final

ANY_BYTES: Final = "application/octet-stream"
# KServe takes a model over HTTPS only as bytes of any kind, or as one of these archives. So endings that are model
# formats too, such as .json of XGBoost and .txt of LightGBM, are not in this table.
# https://github.com/kserve/kserve/blob/master/python/storage/kserve_storage/kserve_storage.py
_BY_ENDING: Final = {
    ".tar.gz": "application/gzip",
    ".tgz": "application/gzip",
    ".tar": "application/x-tar",
    ".zip": "application/zip",
    ".csv": "text/csv",
    ".md": "text/markdown",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}


def media_type(path: str) -> str:
    """The media type of a file, such as ``application/gzip``; that of any bytes if its ending says nothing."""
    name = path.rpartition("/")[2].lower()
    return next((kind for ending, kind in _BY_ENDING.items() if name.endswith(ending)), ANY_BYTES)
