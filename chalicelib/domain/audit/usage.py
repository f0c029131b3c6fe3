"""Usage: who had which version's bytes, counted outside of the ledgers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from chalicelib.domain.instants import Instant

MANIFEST: Final = "manifest"
FILE: Final = "file"


@dataclass(frozen=True, slots=True)
class Use:
    """One call that resolved a version and was given where its bytes are; ``alias`` if it named one."""

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
    """All uses of a version by a principal, taken together. ``last_alias`` is of the last use that named one."""

    model: str
    version: int
    principal: str
    count: int
    first_at: Instant
    last_at: Instant
    last_alias: str | None = None


def taken_together(uses: Iterable[Use]) -> list[Usage]:
    """One Usage for each model, version and principal."""
    found: dict[tuple[str, int, str], Usage] = {}
    for use in sorted(uses, key=lambda use: use.time):
        key = (use.model, use.version, use.principal)
        known = found.get(key)
        if known is None:
            found[key] = Usage(use.model, use.version, use.principal, 1, use.time, use.time, use.alias)
        else:
            alias = known.last_alias if use.alias is None else use.alias
            found[key] = replace(known, count=known.count + 1, last_at=use.time, last_alias=alias)
    return list(found.values())
