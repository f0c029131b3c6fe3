"""Schemas of the changes of fields."""

from typing import Any

from pydantic import Field

from chalicelib.api.document import Paging, Time, Trigger, VersionNumber, View


class ListChanges(Paging):
    version: int | None = Field(None, ge=1, le=999_999_999, description="Only changes of this version.")
    field: str | None = Field(
        None, min_length=1, max_length=1024, description="Only this field and the fields in it: owner, tags, tags/team."
    )


class ChangeView(View):
    """One field that one event changed. ``version`` is null for a field of the model itself."""

    sequence: int
    event_id: str
    type: str
    time: Time
    actor: str
    trigger: Trigger
    reason: str | None
    version: VersionNumber | None
    field: str
    before: Any
    after: Any
