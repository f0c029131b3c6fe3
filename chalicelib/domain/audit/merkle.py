"""Merkle trees over byte strings with SHA-256, as defined in RFC 6962, section 2.1.

A leaf is hashed with the byte 0 before it, a node with the byte 1, so that a leaf cannot be passed off as a node. If a
node has n leaves, its left side has the largest power of two that is less than n.
"""

import hashlib
from collections.abc import Iterable
from typing import Final

_LEAF: Final = b"\x00"
_NODE: Final = b"\x01"


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of a leaf, 32 bytes."""
    return hashlib.sha256(_LEAF + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node from those of its two sides, 32 bytes."""
    return hashlib.sha256(_NODE + left + right).digest()


def root(leaves: Iterable[bytes]) -> bytes:
    """The root of the tree over ``leaves`` in their order, 32 bytes. Without leaves it is the hash of the empty string.

    Memory is one hash for each level of the tree.
    """
    # Complete subtrees from the left, with their size. Each size is a power of two and larger than the next.
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
