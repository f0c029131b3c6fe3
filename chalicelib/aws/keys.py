"""Every key of the table. No key is written anywhere else."""

from typing import NamedTuple

from chalicelib.aws.names import EVENT_PREFIX
from chalicelib.domain.canonical import sha256_hex
from chalicelib.domain.events import REGISTRY_LEDGER

VERSION_PREFIX = "VERSION#"
ALIAS_PREFIX = "ALIAS#"
# Shards of the keeper's indexes: enough for one partition's writes each, few enough to read them all.
SHARDS = 8
MODEL_LISTING = "MODEL"


class Key(NamedTuple):
    partition: str
    sort: str


def partition(ledger: str) -> str:
    """The partition of a ledger: ``MODEL#<name>`` or ``REGISTRY``."""
    return "REGISTRY" if ledger == REGISTRY_LEDGER else "MODEL#" + ledger.removeprefix("model:")


def head(ledger: str) -> Key:
    return Key(partition(ledger), "META")


def event(ledger: str, sequence: int) -> Key:
    return Key(partition(ledger), f"{EVENT_PREFIX}{sequence:012d}")


def record(kind: str, record_id: str) -> Key:
    return Key("REGISTRY", f"{kind}#{record_id}")


def profile(model: str) -> Key:
    return Key(f"MODEL#{model}", "PROFILE")


def version(model: str, number: int) -> Key:
    return Key(f"MODEL#{model}", f"{VERSION_PREFIX}{number:09d}")


def buried(model: str, number: int) -> Key:
    return Key(f"MODEL#{model}", f"BURIED#{number:09d}")


def manifest(model: str, number: int) -> Key:
    return Key(f"MODEL#{model}", f"MANIFEST#{number:09d}")


def alias(model: str, name: str) -> Key:
    return Key(f"MODEL#{model}", f"{ALIAS_PREFIX}{name}")


def label(model: str, text: str) -> Key:
    return Key(f"MODEL#{model}", f"LABEL#{text}")


def history_prefix(pointer: str) -> str:
    return f"HISTORY#{pointer}#"


def history(model: str, pointer: str, sequence: int) -> Key:
    return Key(f"MODEL#{model}", f"{history_prefix(pointer)}{sequence:012d}")


def usage_prefix(version: int | None) -> str:
    """Of the entries of one version's users, or of all versions' (``None``)."""
    return "USAGE#" if version is None else f"USAGE#{version:09d}#"


def usage(model: str, version: int, principal: str) -> Key:
    return Key(f"MODEL#{model}", usage_prefix(version) + principal)


def once(principal: str, idempotency_key: str) -> Key:
    return Key("ONCE#" + sha256_hex(f"{principal}\n{idempotency_key}"), "ONCE")


def delivery(webhook: str, delivery_id: str) -> Key:
    return Key(f"WEBHOOK#{webhook}", f"DELIVERY#{delivery_id}")


def shard(text: str) -> str:
    """The shard of a model's or ledger's entries in an index of the keeper."""
    return str(int(sha256_hex(text)[:8], 16) % SHARDS)
