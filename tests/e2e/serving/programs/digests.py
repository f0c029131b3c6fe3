"""What a directory holds: the SHA-256 of each file, by path."""

import hashlib
from pathlib import Path


def digests(directory: str | Path) -> dict[str, str]:
    """Without what a client notes for itself, below a directory whose name begins with a dot."""
    root = Path(directory)
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(root).parts)
    }
