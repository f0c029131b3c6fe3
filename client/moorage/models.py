"""Models: create, read, update and delete them, and set the rule that promotes their versions."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from typing import Any, TypedDict, Unpack

from moorage import paths
from moorage.connection import Connection
from moorage.decoding import decode, encode, time_text
from moorage.errors import ConflictError, NotFoundError
from moorage.listing import Listing, WholeList
from moorage.metadata import to_wire
from moorage.overviews import ModelOverview
from moorage.results import AsOf, ListedModel, Model, PromotionRule
from moorage.search import Point, RankedVersion, Series, direction_of


class ModelContent(TypedDict, total=False):
    """The editable fields of a model. In an update, None clears a field; tags and metadata are replaced as a whole."""

    description: str | None
    owner: str | None
    tags: Mapping[str, str] | None
    metadata: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class ModelClassification:
    """How far a model's data may be known, None if nobody has said, and whether it is about people."""

    classification: str | None
    personal_data: bool = False


class Models:
    """The models of the registry."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def create(
        self,
        name: str,
        *,
        classification: str | None = None,
        personal_data: bool = False,
        **content: Unpack[ModelContent],
    ) -> Model:
        """Create a model. Raises ConflictError (``model_exists``) if the name is taken.

        ``classification`` and ``personal_data`` are as in ``classify``.
        """
        classified = {} if classification is None else _classified(classification, personal_data)
        return self._connection.post(Model, "models", {"name": name, **classified, **_body(content)})

    def get(self, name: str) -> Model:
        return self._connection.get(Model, paths.model(name))

    def overview(self, name: str) -> ModelOverview:
        """A model with its stages, champion and challenger, open requests and card."""
        return self._connection.get(ModelOverview, f"{paths.model(name)}/overview")

    def get_or_create(self, name: str, **content: Unpack[ModelContent]) -> Model:
        """Get the model ``name``. Creates it with ``content`` if it does not exist; does not change an existing one."""
        try:
            return self.get(name)
        except NotFoundError:
            try:
                return self.create(name, **content)
            except ConflictError as conflict:
                if conflict.code != "model_exists":
                    raise
                return self.get(name)

    def list(
        self, *, prefix: str | None = None, order: str | None = None, limit: int | None = None
    ) -> Listing[ListedModel]:
        """List models.

        ``order`` is ``newest`` (newest first, the default) or ``name``. ``prefix`` selects the names that begin with
        it, and sorts the list by name.
        """
        return self._connection.items(ListedModel, "models", limit, prefix=prefix, order=order)

    def update(self, name: str, *, if_match: str | None = None, **changes: Unpack[ModelContent]) -> Model:
        return decode(Model, self._connection.write("PATCH", paths.model(name), _body(changes), if_match=if_match))

    def classify(
        self, name: str, classification: str | None, *, personal_data: bool = False, reason: str | None = None
    ) -> ModelClassification:
        """Say how far a model's data may be known: ``public``, ``internal``, ``confidential`` or ``restricted``.

        ``personal_data``: it is about people who could be told from it. None takes the classification back. Gates of a
        scheme can be for models of some classifications. A classification that is lowered needs a ``reason``.
        """
        body = {**_classified(classification, personal_data), **({} if reason is None else {"reason": reason})}
        answer = self._connection.write("PUT", f"{paths.model(name)}/classification", body)
        return decode(ModelClassification, answer)

    def delete(self, name: str) -> None:
        """Delete a model that has no versions."""
        self._connection.write("DELETE", paths.model(name))

    def best(
        self, name: str, metric: str, *, higher_is_better: bool = True, limit: int = 10
    ) -> WholeList[RankedVersion]:
        """The model's READY versions ranked by a metric, best first. ``limit`` is at most 100."""
        return self._connection.whole(
            RankedVersion,
            f"{paths.model(name)}/best",
            metric=metric,
            direction=direction_of(higher_is_better),
            limit=limit,
        )

    def series(self, name: str, *metrics: str, limit: int = 200) -> Series:
        """One to five metrics over the newest READY versions that have each. ``limit`` is at most 1,000 versions."""
        text = StringIO()
        # A name that has a comma stands in quotes.
        csv.writer(text, lineterminator="").writerow(metrics)
        answer = self._connection.read(f"{paths.model(name)}/series", metrics=text.getvalue(), limit=limit)
        return Series(
            name,
            {
                metric: tuple(Point(number, value) for number, value in points)
                for metric, points in answer["metrics"].items()
            },
            answer["directions"],
        )

    def as_of(self, name: str, time: datetime | str) -> Listing[AsOf]:
        """Where every alias and stage pointed at ``time``, also those that are gone since; stages first.

        ``time`` must have a time zone. Pointers that pointed nowhere are left out.
        """
        return self._connection.items(AsOf, f"{paths.model(name)}/as-of", time=time_text(time))

    def promotion_rule(self, name: str) -> PromotionRule:
        return self._connection.get(PromotionRule, _rule(name))

    def set_promotion_rule(self, name: str, rule: PromotionRule) -> PromotionRule:
        body = {field: value for field, value in encode(rule).items() if value is not None}
        return decode(PromotionRule, self._connection.write("PUT", _rule(name), body))

    def clear_promotion_rule(self, name: str) -> None:
        self._connection.write("DELETE", _rule(name))


def _classified(classification: str | None, personal_data: bool) -> dict[str, Any]:
    return {"classification": classification, "personal_data": personal_data}


def _rule(name: str) -> str:
    return f"{paths.model(name)}/promotion-rule"


def _body(content: ModelContent) -> dict[str, Any]:
    body: dict[str, Any] = dict(content)
    if "metadata" in body:
        body["metadata"] = to_wire(body["metadata"])
    return body
