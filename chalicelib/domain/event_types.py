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
ALIAS_PROTECTED: Final = "alias.protected"
ALIAS_UNPROTECTED: Final = "alias.unprotected"

CHECK_REPORTED: Final = "check.reported"
CHECK_WITHDRAWN: Final = "check.withdrawn"
EVALUATION_RECORDED: Final = "evaluation.recorded"
EVALUATION_WITHDRAWN: Final = "evaluation.withdrawn"
CHALLENGER_PROMOTED: Final = "challenger.promoted"
CHALLENGER_RETIRED: Final = "challenger.retired"

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
        VERSION_CREATED,
        VERSION_READY,
        VERSION_UPDATED,
        VERSION_TRANSITIONED,
        VERSION_EXPIRED,
        VERSION_DELETED,
        VERSION_PURGED,
        ALIAS_SET,
        ALIAS_DELETED,
        ALIAS_PROTECTED,
        ALIAS_UNPROTECTED,
        CHECK_REPORTED,
        CHECK_WITHDRAWN,
        EVALUATION_RECORDED,
        EVALUATION_WITHDRAWN,
        CHALLENGER_PROMOTED,
        CHALLENGER_RETIRED,
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
