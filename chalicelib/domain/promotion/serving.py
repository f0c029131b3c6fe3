"""Which stage of a model serves."""

from chalicelib.domain.models.model import Model
from chalicelib.domain.schemes.scheme import Scheme


def serving_stage(model: Model, scheme: Scheme) -> str | None:
    """The last exclusive stage of the scheme that has a holder; None if no exclusive stage has one."""
    held = [stage.name for stage in scheme.stages.values() if stage.exclusive and model.holder(stage.name) is not None]
    return held[-1] if held else None
