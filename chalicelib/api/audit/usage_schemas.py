"""Schemas of usage."""

from chalicelib.api.document import Time, VersionNumber, View


class UsageView(View):
    """How often a principal resolved or downloaded a version, and the first and last time."""

    model: str
    version: VersionNumber
    principal: str
    count: int
    first_at: Time
    last_at: Time
    last_alias: str | None
