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

MODEL_SCHEME_ASSIGNED: Final = "model.scheme_assigned"
MODEL_TIER_SET: Final = "model.tier_set"

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
ALIAS_PROTECTED: Final = "alias.protected"
ALIAS_UNPROTECTED: Final = "alias.unprotected"

CHECK_REPORTED: Final = "check.reported"
CHECK_WITHDRAWN: Final = "check.withdrawn"
EVALUATION_RECORDED: Final = "evaluation.recorded"
EVALUATION_WITHDRAWN: Final = "evaluation.withdrawn"
CHALLENGER_PROMOTED: Final = "challenger.promoted"
CHALLENGER_RETIRED: Final = "challenger.retired"

REQUEST_OPENED: Final = "request.opened"
REQUEST_VOTED: Final = "request.voted"
REQUEST_VOTES_VOIDED: Final = "request.votes_voided"
REQUEST_WITHDRAWN: Final = "request.withdrawn"
REQUEST_EXPIRED: Final = "request.expired"

SCHEME_SAVED: Final = "scheme.saved"
SCHEME_DEFAULT_SET: Final = "scheme.default_set"
CARD_UPDATED: Final = "card.updated"
COMMENT_CREATED: Final = "comment.created"
COMMENT_UPDATED: Final = "comment.updated"
COMMENT_DELETED: Final = "comment.deleted"

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
        MODEL_SCHEME_ASSIGNED,
        MODEL_TIER_SET,
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
        ALIAS_PROTECTED,
        ALIAS_UNPROTECTED,
        CHECK_REPORTED,
        CHECK_WITHDRAWN,
        EVALUATION_RECORDED,
        EVALUATION_WITHDRAWN,
        CHALLENGER_PROMOTED,
        CHALLENGER_RETIRED,
        REQUEST_OPENED,
        REQUEST_VOTED,
        REQUEST_VOTES_VOIDED,
        REQUEST_WITHDRAWN,
        REQUEST_EXPIRED,
        CARD_UPDATED,
        COMMENT_CREATED,
        COMMENT_UPDATED,
        COMMENT_DELETED,
    }
)
# Events of a model whose subject is the id of something that belongs to it.
SUBJECT_EVENTS: Final = frozenset(
    {
        COMMENT_CREATED,
        COMMENT_UPDATED,
        COMMENT_DELETED,
        REQUEST_OPENED,
        REQUEST_VOTED,
        REQUEST_VOTES_VOIDED,
        REQUEST_WITHDRAWN,
        REQUEST_EXPIRED,
    }
)
REGISTRY_EVENTS: Final = frozenset(
    {
        SCHEME_SAVED,
        SCHEME_DEFAULT_SET,
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

# Events after which a gate may find otherwise, so that an automatic move or an approved request is judged anew.
JUDGED_OF_ONE_VERSION: Final = frozenset(
    {
        VERSION_READY,
        VERSION_UPDATED,
        VERSION_TRANSITIONED,
        VERSION_UNLOCKED,
        VERSION_RESTORED,
        CHECK_REPORTED,
        CHECK_WITHDRAWN,
        EVALUATION_RECORDED,
        EVALUATION_WITHDRAWN,
        REQUEST_OPENED,
        REQUEST_VOTED,
    }
)
JUDGED_OF_THE_NEWEST: Final = frozenset({MODEL_SCHEME_ASSIGNED, MODEL_TIER_SET, MODEL_UNFROZEN, CARD_UPDATED})
JUDGED_OF_REQUESTS: Final = frozenset(
    {ALIAS_SET, ALIAS_DELETED, CHALLENGER_PROMOTED, CHALLENGER_RETIRED, VERSION_DELETED}
)
# Events that give a model a scheme, of which a later version may have been saved meanwhile.
SCHEME_GIVEN: Final = frozenset({MODEL_CREATED, MODEL_SCHEME_ASSIGNED})
PROMOTER_EVENTS: Final = (
    JUDGED_OF_ONE_VERSION | JUDGED_OF_THE_NEWEST | JUDGED_OF_REQUESTS | SCHEME_GIVEN | {SCHEME_SAVED}
)
