"""Usage: who got the files of which version. It is counted outside the ledgers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from chalicelib.domain.instants import Instant

MANIFEST: Final = "manifest"
FILE: Final = "file"


@dataclass(frozen=True, slots=True)
class Use:
    """One call that got the locations of a version's files. ``alias`` is the alias that the call named, if any.

    ``what`` is ``manifest`` or ``file``.
    """

    model: str
    version: int
    principal: str
    what: str
    time: Instant
    alias: str | None = None

    def document(self) -> dict[str, Any]:
        """The fields of the log line that records it."""
        return {
            "model": self.model,
            "version": self.version,
            "alias": self.alias,
            "principal": self.principal,
            "what": self.what,
            "time": self.time,
        }


def use_from(document: Mapping[str, Any]) -> Use:
    """The use that a log line records."""
    return Use(
        model=document["model"],
        version=document["version"],
        principal=document["principal"],
        what=document["what"],
        time=Instant(document["time"]),
        alias=document["alias"],
    )


@dataclass(frozen=True, slots=True)
class Usage:
    """The uses of a version by a principal, counted. ``last_alias`` is the alias of the last use that named one."""

    model: str
    version: int
    principal: str
    count: int
    first_at: Instant
    last_at: Instant
    last_alias: str | None = None


def usage_totals(uses: Iterable[Use]) -> list[Usage]:
    """Add up uses: one Usage for each model, version and principal."""
    usages: dict[tuple[str, int, str], Usage] = {}
    for use in sorted(uses, key=lambda use: use.time):
        key = (use.model, use.version, use.principal)
        known = usages.get(key)
        if known is None:
            usages[key] = Usage(use.model, use.version, use.principal, 1, use.time, use.time, use.alias)
        else:
            alias = known.last_alias if use.alias is None else use.alias
            usages[key] = replace(known, count=known.count + 1, last_at=use.time, last_alias=alias)
    return list(usages.values())
