"""A sealed secret can be decrypted for its own webhook, with its own key, and not otherwise."""

import base64

import pytest

from chalicelib.registry.webhooks.sealing import SealBrokenError, opened, seal

SECRET = "größe"


@pytest.mark.parametrize("secret", [SECRET, "s" * 1_000])
def test_a_secret_reads_back(secret: str) -> None:
    assert opened(b"key", "w1", seal(b"key", "w1", secret)) == secret


def test_no_secret_is_an_empty_one() -> None:
    assert opened(b"key", "w1", "") == ""


def test_a_sealed_secret_neither_shows_nor_repeats() -> None:
    first, second = seal(b"key", "w1", SECRET), seal(b"key", "w1", SECRET)
    assert first != second
    assert SECRET.encode() not in base64.b64decode(first)


@pytest.mark.parametrize(("key", "webhook"), [(b"other", "w1"), (b"key", "w2")])
def test_another_key_or_webhook_does_not_decrypt_it(key: bytes, webhook: str) -> None:
    sealed = seal(b"key", "w1", SECRET)
    with pytest.raises(SealBrokenError, match="set it again"):
        opened(key, webhook, sealed)


@pytest.mark.parametrize("position", [0, 12, -1])
def test_a_changed_record_is_not_decrypted(position: int) -> None:
    record = bytearray(base64.b64decode(seal(b"key", "w1", SECRET)))
    record[position] ^= 1
    with pytest.raises(SealBrokenError):
        opened(b"key", "w1", base64.b64encode(record).decode())


@pytest.mark.parametrize("edited", ["x", "%%%%", "größe", "YQ==", "AAAA" * 4])
def test_a_record_that_is_no_sealed_secret_is_not_decrypted(edited: str) -> None:
    with pytest.raises(SealBrokenError):
        opened(b"key", "w1", edited)
