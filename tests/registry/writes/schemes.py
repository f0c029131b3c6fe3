"""Writes of promotion schemes."""

from typing import Final

from chalicelib.domain.ledger import event_types
from chalicelib.registry.schemes import saving as scheme_saving
from tests.domain.schemes.documents import document
from tests.registry.arranged import nothing, registry_ledger
from tests.registry.build import request
from tests.registry.writes.write import Write

WRITES: Final = {
    "save a scheme": Write(
        event_types.SCHEME_SAVED,
        nothing,
        lambda s, r, m, _: scheme_saving.save_scheme(s, r, document(name=m)),
        registry_ledger,
    ),
    "set the default scheme": Write(
        event_types.SCHEME_DEFAULT_SET,
        lambda s, m: scheme_saving.save_scheme(s, request(), document(name=m)),
        lambda s, r, m, _: scheme_saving.set_default(s, r, m),
        registry_ledger,
    ),
}
