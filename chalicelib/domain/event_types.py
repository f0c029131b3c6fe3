"""The type of every event. An event is one committed change."""

from typing import Final

MODEL_CREATED: Final = "model.created"
MODEL_UPDATED: Final = "model.updated"
MODEL_DELETED: Final = "model.deleted"
MODEL_RULE_SET: Final = "model.rule_set"
MODEL_RULE_CLEARED: Final = "model.rule_cleared"

VERSION_CREATED: Final = "version.created"
VERSION_READY: Final = "version.ready"
VERSION_UPDATED: Final = "version.updated"
VERSION_TRANSITIONED: Final = "version.transitioned"
VERSION_EXPIRED: Final = "version.expired"
VERSION_DELETED: Final = "version.deleted"
VERSION_PURGED: Final = "version.purged"

ALIAS_SET: Final = "alias.set"
ALIAS_DELETED: Final = "alias.deleted"

TOKEN_CREATED: Final = "token.created"
TOKEN_REVOKED: Final = "token.revoked"
TOKEN_ROTATED: Final = "token.rotated"

ROLE_SET: Final = "role.set"
ROLE_DELETED: Final = "role.deleted"
GRANT_SET: Final = "grant.set"
GRANT_DELETED: Final = "grant.deleted"
TRUST_SET: Final = "trust.set"
TRUST_DELETED: Final = "trust.deleted"

WEBHOOK_CREATED: Final = "webhook.created"
WEBHOOK_UPDATED: Final = "webhook.updated"
WEBHOOK_DELETED: Final = "webhook.deleted"

MODEL_EVENTS: Final = frozenset(
    {
        MODEL_CREATED,
        MODEL_UPDATED,
        MODEL_DELETED,
        MODEL_RULE_SET,
        MODEL_RULE_CLEARED,
        VERSION_CREATED,
        VERSION_READY,
        VERSION_UPDATED,
        VERSION_TRANSITIONED,
        VERSION_EXPIRED,
        VERSION_DELETED,
        VERSION_PURGED,
        ALIAS_SET,
        ALIAS_DELETED,
    }
)
REGISTRY_EVENTS: Final = frozenset(
    {
        TOKEN_CREATED,
        TOKEN_REVOKED,
        TOKEN_ROTATED,
        ROLE_SET,
        ROLE_DELETED,
        GRANT_SET,
        GRANT_DELETED,
        TRUST_SET,
        TRUST_DELETED,
        WEBHOOK_CREATED,
        WEBHOOK_UPDATED,
        WEBHOOK_DELETED,
    }
)
ALL: Final = MODEL_EVENTS | REGISTRY_EVENTS
