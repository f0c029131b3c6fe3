"""What is encrypted is read again by its owner alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.aws.cipher import Cipher, UnreadableError

KEY = b"k" * 32
CIPHER = Cipher(KEY, b"one")


@given(st.text(max_size=200).filter(str.isprintable), st.text(max_size=20).filter(str.isprintable))
def test_a_text_is_read_again_and_each_time_looks_different(text: str, owner: str) -> None:
    first, second = CIPHER.encrypted(text, owner), CIPHER.encrypted(text, owner)
    assert first != second
    assert CIPHER.decrypted(first, owner) == CIPHER.decrypted(second, owner) == text


@pytest.mark.parametrize("given_text", ["", "x", "AAAA", "é", "A" * 100])
def test_what_was_not_encrypted_here_cannot_be_read(given_text: str) -> None:
    with pytest.raises(UnreadableError):
        CIPHER.decrypted(given_text, "owner")


def test_another_owner_context_or_key_cannot_read_it() -> None:
    encrypted = CIPHER.encrypted("secret", "owner")
    for cipher, owner in (
        (CIPHER, "other"),
        (Cipher(KEY, b"two"), "owner"),
        (Cipher(b"j" * 32, b"one"), "owner"),
    ):
        with pytest.raises(UnreadableError):
            cipher.decrypted(encrypted, owner)
