"""Merkle trees over byte strings, hashed as RFC 6962, section 2.1 has it, with SHA-256.

A leaf is hashed with the byte 0 before it, a node with the byte 1, so that no leaf can be passed off as a node. The
left side of a node holds the largest power of two of leaves that leaves one for the right.
"""

import hashlib
from collections.abc import Iterable
from typing import Final

_LEAF: Final = b"\x00"
_NODE: Final = b"\x01"


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(_LEAF + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()


def root(leaves: Iterable[bytes]) -> bytes:
    """The root over ``leaves`` in their order; of none, the hash of nothing. Keeps one hash for each level."""
    # Whole subtrees from the left, each a power of two of leaves and larger than the one after it.
    waiting: list[tuple[int, bytes]] = []
    for leaf in leaves:
        size, digest = 1, leaf_hash(leaf)
        while waiting and waiting[-1][0] == size:
            size, digest = 2 * size, node_hash(waiting.pop()[1], digest)
        waiting.append((size, digest))
    if not waiting:
        return hashlib.sha256(b"").digest()
    _, digest = waiting.pop()
    while waiting:
        digest = node_hash(waiting.pop()[1], digest)
    return digest
