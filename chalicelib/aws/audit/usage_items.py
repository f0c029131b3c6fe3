"""Read usage from its counter items, which ``registry.audit.use_counts`` updates in place."""

from chalicelib.aws.table import Item
from chalicelib.domain.audit.usage import Usage
from chalicelib.domain.instants import Instant


def usage_from(stored: Item) -> Usage:
    alias = stored.get("last_alias")
    return Usage(
        model=str(stored["model"]),
        version=int(stored["version"]),
        principal=str(stored["principal"]),
        count=int(stored["uses"]),
        first_at=Instant(str(stored["first_at"])),
        last_at=Instant(str(stored["last_at"])),
        last_alias=None if alias is None else str(alias),
    )
