"""What is recorded to make a version again."""

from chalicelib.aws.services import Services
from chalicelib.domain.lineage.repeating import Recipe, recipe
from chalicelib.registry.versions.versions import get_version


def get_recipe(services: Services, model: str, ref: str) -> Recipe:
    """What is recorded, and missing, to make a version again. Raises VersionNotFoundError, AliasNotFoundError."""
    return recipe(get_version(services, model, ref))
