"""The tree is the one of RFC 6962, and its root tells any two lists apart."""

import hashlib

from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.domain.audit import merkle

leaves = st.lists(st.binary(max_size=8), max_size=40)


def defined(entries: list[bytes]) -> bytes:
    """The root as RFC 6962, section 2.1 defines it, word for word."""
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    split = 1
    while split * 2 < len(entries):
        split *= 2
    return hashlib.sha256(b"\x01" + defined(entries[:split]) + defined(entries[split:])).digest()


@given(leaves)
def test_the_root_is_that_of_the_definition(entries: list[bytes]) -> None:
    assert merkle.root(entries) == defined(entries)


@given(leaves, leaves)
def test_different_lists_have_different_roots(one: list[bytes], other: list[bytes]) -> None:
    assume(one != other)
    assert merkle.root(one) != merkle.root(other)


@given(st.binary(max_size=8), st.binary(max_size=8))
def test_a_node_cannot_be_passed_off_as_a_leaf(left: bytes, right: bytes) -> None:
    node = merkle.leaf_hash(left) + merkle.leaf_hash(right)
    assert merkle.root([left, right]) != merkle.root([node])


def test_roots_known_from_elsewhere() -> None:
    """The test vectors of certificate-transparency, merkletree/merkle_tree_test.cc."""
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    entries = [bytes.fromhex(text) for text in inputs]
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle.root(entries[:1]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert merkle.root(entries).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
