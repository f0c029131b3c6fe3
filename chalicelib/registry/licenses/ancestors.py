"""The licences that a version inherits, read along its lineage."""

from collections.abc import Sequence

from chalicelib.aws import keys
from chalicelib.aws.cards.items import card_from
from chalicelib.aws.lineage.reads import LinkReader
from chalicelib.aws.services import Services
from chalicelib.domain.cards.card import Fields
from chalicelib.domain.licenses.licensing import Licensing, ancestry, licensing, models_of
from chalicelib.domain.lineage.node import version_node
from chalicelib.domain.lineage.walk import MAX_DEPTH, PAGE, Direction, Neighbours, Waiting, follow, starting


def licensing_of(
    services: Services, model: str, number: int, own: Fields, links: LinkReader | None = None
) -> Licensing:
    """The licences that apply to a version whose model's card has the fields ``own``.

    It takes a query for the version and for each of its ancestors, of which ten steps and a hundred are looked at, then
    one read of their models' cards. Ancestors count also if the caller may not read them. What ``links`` has read for
    other versions is not read again.
    """
    links = LinkReader(services.table) if links is None else links

    def read(waiting: Sequence[Waiting]) -> list[Neighbours]:
        return [ancestry(neighbours) for neighbours in links(waiting)]

    walk = follow(starting(version_node(model, number), [Direction.UP]), read, lambda _: True, MAX_DEPTH, PAGE)
    found = services.table.load_all([keys.card(name) for name in sorted(models_of(walk) - {model})])
    fields = {keys.model_of(key): card_from(item).fields for key, item in found.items()}
    return licensing(own, model, walk, fields)
