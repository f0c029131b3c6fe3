"""Models: create, read, change, delete, and the rule that promotes their versions."""

from collections.abc import Iterator, Mapping
from typing import Any, TypedDict, Unpack

from moorage import paths
from moorage.connection import Connection
from moorage.decoding import decode, encode
from moorage.errors import ConflictError, NotFoundError
from moorage.metadata import to_wire
from moorage.results import ListedModel, Model, PromotionRule
from moorage.search import RankedVersion, direction_of


class ModelContent(TypedDict, total=False):
    """What people say of a model. In a change, None empties a field; tags and metadata are replaced."""

    description: str | None
    owner: str | None
    tags: Mapping[str, str] | None
    metadata: Mapping[str, Any] | None


class Models:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def create(self, name: str, **content: Unpack[ModelContent]) -> Model:
        """Raises ConflictError (``model_exists``) if there is one of this name."""
        return self._connection.post(Model, "models", {"name": name, **_body(content)})

    def get(self, name: str) -> Model:
        return self._connection.get(Model, paths.model(name))

    def get_or_create(self, name: str, **content: Unpack[ModelContent]) -> Model:
        """The model ``name``, created with ``content`` if there is none; one that exists stays as it is."""
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
    ) -> Iterator[ListedModel]:
        """Models, newest first or by name (``order``: ``newest``, ``name``); by name with ``prefix``."""
        return self._connection.items(ListedModel, "models", limit, prefix=prefix, order=order)

    def update(self, name: str, *, if_match: str | None = None, **changes: Unpack[ModelContent]) -> Model:
        return decode(Model, self._connection.write("PATCH", paths.model(name), _body(changes), if_match=if_match))

    def delete(self, name: str) -> None:
        """Delete a model without versions."""
        self._connection.write("DELETE", paths.model(name))

    def best(
        self, name: str, metric: str, *, higher_is_better: bool = True, limit: int = 10
    ) -> tuple[RankedVersion, ...]:
        """The model's READY versions by a metric, the best first: at most ``limit``, which is at most 100."""
        found = self._connection.read(
            f"{paths.model(name)}/best", metric=metric, direction=direction_of(higher_is_better), limit=limit
        )
        return tuple(decode(RankedVersion, one) for one in found["items"])

    def promotion_rule(self, name: str) -> PromotionRule:
        return self._connection.get(PromotionRule, _rule(name))

    def set_promotion_rule(self, name: str, rule: PromotionRule) -> PromotionRule:
        body = {field: value for field, value in encode(rule).items() if value is not None}
        return decode(PromotionRule, self._connection.write("PUT", _rule(name), body))

    def clear_promotion_rule(self, name: str) -> None:
        self._connection.write("DELETE", _rule(name))


def _rule(name: str) -> str:
    return f"{paths.model(name)}/promotion-rule"


def _body(content: ModelContent) -> dict[str, Any]:
    body: dict[str, Any] = dict(content)
    if "metadata" in body:
        body["metadata"] = to_wire(body["metadata"])
    return body
