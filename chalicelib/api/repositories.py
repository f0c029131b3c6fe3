"""Models by the names that other tools give to repositories, as far as a caller may know of them."""

from chalicelib import registry
from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Action, Principal
from chalicelib.domain.errors import ModelNotFoundError
from chalicelib.domain.models.repositories import model_of


def model_for(
    services: Services, principal: Principal, action: Action, namespace: str, name: str
) -> tuple[str, Services]:
    """The name of the model that a repository is, on which the caller must have the action.

    Also the services for the call, which refuse a caller whose right hinges on the model's classification.

    Raises ModelNotFoundError if no model can have the name. Raises it too for every name that the caller may not read,
    whether or not there is such a model. Raises PermissionDeniedError if the caller may read it and no more.
    """
    model = model_of(namespace, name)
    if not principal.hinges(Action.READ, model) and not principal.may(Action.READ, model):
        raise ModelNotFoundError(f"There is no model {model!r}.")
    return model, registry.access.classified.admitting(services, principal, action, model)
