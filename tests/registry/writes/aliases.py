"""Writes of aliases and challengers."""

from typing import Final

from chalicelib.domain.ledger import event_types
from chalicelib.registry.aliases import aliases, challengers
from tests.registry.arranged import a_challenger, a_model, two_ready
from tests.registry.build import request
from tests.registry.writes.write import Write

WRITES: Final = {
    "set an alias": Write(
        event_types.ALIAS_SET,
        two_ready,
        lambda s, r, m, _: aliases.set_alias(s, r, m, "champion", 1, None, None),
    ),
    "roll back an alias": Write(
        event_types.ALIAS_SET,
        two_ready,
        lambda s, r, m, _: aliases.roll_back_alias(s, r, m, "champion", None),
    ),
    "delete an alias": Write(
        event_types.ALIAS_DELETED, two_ready, lambda s, r, m, _: aliases.delete_alias(s, r, m, "champion")
    ),
    "protect an alias": Write(
        event_types.ALIAS_PROTECTED, two_ready, lambda s, r, m, _: aliases.protect_alias(s, r, m, "champion", True)
    ),
    "unprotect an alias": Write(
        event_types.ALIAS_UNPROTECTED,
        lambda s, m: aliases.protect_alias(s, request(), a_model(s, m), "champion", True),
        lambda s, r, m, _: aliases.protect_alias(s, r, m, "champion", False),
    ),
    "set the challenger": Write(
        event_types.ALIAS_SET, two_ready, lambda s, r, m, _: challengers.set_challenger(s, r, m, 1, None, None)
    ),
    "promote the challenger": Write(
        event_types.CHALLENGER_PROMOTED,
        a_challenger,
        lambda s, r, m, _: challengers.promote_challenger(s, r, m, 1, None),
    ),
    "retire the challenger": Write(
        event_types.CHALLENGER_RETIRED, a_challenger, lambda s, r, m, _: challengers.retire_challenger(s, r, m, None)
    ),
}
