"""Schemes to items and back: saved ones, their versions, the default, and each model's own copy."""

from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.item import body, document_from, item
from chalicelib.aws.keys import Key
from chalicelib.aws.ledger.codec import Codec, known_fields
from chalicelib.aws.names import FOLLOWED_SCHEME, FOLLOWING_MODEL
from chalicelib.aws.table import Item
from chalicelib.domain.schemes.assigned_scheme import AssignedScheme
from chalicelib.domain.schemes.saved_scheme import DefaultScheme, SavedScheme, SchemeVersion


def saved_scheme_from(stored: Item) -> SavedScheme:
    return SavedScheme(**known_fields(SavedScheme, document_from(stored)))


def _assigned_item(state: Any, scheme: AssignedScheme) -> Item:
    """In the index of followers while the model is to be given later versions of the scheme."""
    attributes = body(scheme.document)
    if scheme.follows:
        attributes |= {FOLLOWED_SCHEME: scheme.document["name"], FOLLOWING_MODEL: state.owner}
    return item(keys.scheme(state.owner), attributes)


def _assigned_from(stored: Item) -> AssignedScheme:
    return AssignedScheme(document_from(stored), FOLLOWED_SCHEME in stored)


def _saved_item(key: Key, scheme: SavedScheme) -> Item:
    return item(
        key,
        body(
            {
                "document": dict(scheme.document),
                "saved_at": scheme.saved_at,
                "saved_by": scheme.saved_by,
                "revision": scheme.revision,
            }
        ),
    )


def _version_item(_: Any, version: SchemeVersion) -> Item:
    return _saved_item(keys.scheme_version(version.scheme.name, version.scheme.version), version.scheme)


# Saved schemes belong to the registry, also when they are read with a model.
REGISTRY_CODECS: Final = (
    Codec(
        SavedScheme,
        lambda _, name: (keys.saved_scheme(name),),
        lambda _, scheme: _saved_item(keys.saved_scheme(scheme.name), scheme),
        saved_scheme_from,
        prefix=keys.SCHEME_PREFIX,
    ),
    Codec(
        SchemeVersion,
        lambda _, name, version: (keys.scheme_version(name, version),),
        _version_item,
        lambda stored: SchemeVersion(saved_scheme_from(stored)),
        prefix=keys.SCHEME_VERSION_PREFIX,
    ),
    Codec(
        DefaultScheme,
        lambda _: (keys.default_scheme(),),
        lambda _, scheme: item(keys.default_scheme(), body(scheme.document)),
        lambda stored: DefaultScheme(document_from(stored)),
        prefix=keys.SCHEME_DEFAULT_PREFIX,
    ),
)
CODECS: Final = (
    Codec(AssignedScheme, lambda model: (keys.scheme(model),), _assigned_item, _assigned_from, prefix=keys.SCHEME_SORT),
    *REGISTRY_CODECS,
)
