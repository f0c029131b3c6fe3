"""How software of the target is told what to serve: as variables of its environment, or as one JSON document."""

from typing import Final

from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.deployments.driving import Order

MODEL: Final = "MODEL_NAME"
VERSION: Final = "MODEL_VERSION"
URI: Final = "MODEL_URI"
DIGEST: Final = "MODEL_DIGEST"
DEPLOYMENT: Final = "MODEL_DEPLOYMENT"
ALL: Final = (MODEL, VERSION, URI, DIGEST, DEPLOYMENT)


def variables(order: Order) -> dict[str, str]:
    """The variables that name the version: a container or a function loads it, and answers which one it serves."""
    return {
        MODEL: order.model,
        VERSION: str(order.version),
        URI: order.uri,
        DIGEST: order.digest,
        DEPLOYMENT: order.deployment,
    }


def document(order: Order) -> str:
    """The document that names the version: canonical JSON with ``model``, ``version``, ``uri`` and ``digest``."""
    return canonical_json({"model": order.model, "version": order.version, "uri": order.uri, "digest": order.digest})


def image(order: Order) -> str:
    """The image of the target's configuration, for this version: ``{version}`` in it becomes the version's number."""
    template: str = order.config["image"]
    return template.replace("{version}", str(order.version))
