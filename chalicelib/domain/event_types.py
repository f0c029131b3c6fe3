"""The type of every event. An event is one committed change."""

from typing import Final

MODEL_CREATED: Final = "model.created"
MODEL_UPDATED: Final = "model.updated"
MODEL_DELETED: Final = "model.deleted"
MODEL_RULE_SET: Final = "model.rule_set"
MODEL_RULE_CLEARED: Final = "model.rule_cleared"
MODEL_FROZEN: Final = "model.frozen"
MODEL_UNFROZEN: Final = "model.unfrozen"
MODEL_RETENTION_SET: Final = "model.retention_set"
MODEL_RETENTION_CLEARED: Final = "model.retention_cleared"

VERSION_CREATED: Final = "version.created"
VERSION_READY: Final = "version.ready"
VERSION_UPDATED: Final = "version.updated"
VERSION_TRANSITIONED: Final = "version.transitioned"
VERSION_EXPIRED: Final = "version.expired"
VERSION_DELETED: Final = "version.deleted"
VERSION_PURGE_STARTED: Final = "version.purge_started"
VERSION_PURGED: Final = "version.purged"
VERSION_RESTORED: Final = "version.restored"
VERSION_LOCKED: Final = "version.locked"
VERSION_UNLOCKED: Final = "version.unlocked"
VERSION_HELD: Final = "version.held"
VERSION_RELEASED: Final = "version.released"

ALIAS_SET: Final = "alias.set"
ALIAS_DELETED: Final = "alias.deleted"

TOKEN_CREATED: Final = "token.created"
TOKEN_REVOKED: Final = "token.revoked"

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
        MODEL_FROZEN,
        MODEL_UNFROZEN,
        MODEL_RETENTION_SET,
        MODEL_RETENTION_CLEARED,
        VERSION_CREATED,
        VERSION_READY,
        VERSION_UPDATED,
        VERSION_TRANSITIONED,
        VERSION_EXPIRED,
        VERSION_DELETED,
        VERSION_PURGE_STARTED,
        VERSION_PURGED,
        VERSION_RESTORED,
        VERSION_LOCKED,
        VERSION_UNLOCKED,
        VERSION_HELD,
        VERSION_RELEASED,
        ALIAS_SET,
        ALIAS_DELETED,
    }
)
REGISTRY_EVENTS: Final = frozenset(
    {
        TOKEN_CREATED,
        TOKEN_REVOKED,
        WEBHOOK_CREATED,
        WEBHOOK_UPDATED,
        WEBHOOK_DELETED,
    }
)
ALL: Final = MODEL_EVENTS | REGISTRY_EVENTS
