"""Files whose SHA-256 only their uploader states: what somebody signed may be other bytes than the registry has.

S3 proves the parts of a file that was uploaded in parts, not the whole, and nothing of a reference. The registry reads
such files before it signs a version, so its own signature proves them.
"""

from collections.abc import Iterable

from chalicelib.domain.versions.manifest import File, Proof


def first_unproven(files: Iterable[File]) -> str:
    """The path of the first such file; empty if there is none."""
    return next((file.path for file in files if file.verified is not Proof.SHA256), "")


def doubt_of_unproven(path: str) -> str:
    """Why a signature over such a file does not count."""
    return (
        f"nobody has proven that {path!r} has the SHA-256 that was signed, since it came in parts or is a reference; "
        "it counts once the registry has signed the version"
    )
