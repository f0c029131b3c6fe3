"""The registry's errors in MLflow's codes and words."""

from typing import Final

from chalicelib.api.mlflow.errors import INVALID, MlflowError
from chalicelib.api.mlflow.parameters import Parameters
from chalicelib.domain.errors import (
    AliasNotFoundError,
    ApprovalsMissingError,
    BodyTooLargeError,
    ConflictError,
    ContentionError,
    CrossSiteRequestError,
    ExperimentExistsError,
    GatesNotMetError,
    InvalidInputError,
    ModelExistsError,
    ModelFrozenError,
    ModelNotEmptyError,
    ModelNotFoundError,
    NotFoundError,
    PermissionDeniedError,
    PreconditionFailedError,
    QuarantinedError,
    RegistryError,
    ScanPendingError,
    StageNotFoundError,
    TransitionNotAllowedError,
    UnauthenticatedError,
    UnavailableError,
    UnsupportedMediaTypeError,
    VersionHeldError,
    VersionInUseError,
    VersionLockedError,
    VersionNotFoundError,
)

# The first class that an error is an instance of gives its code.
_CODES: Final[tuple[tuple[type[RegistryError], str], ...]] = (
    # To MLflow's clients a stage or an alias is a value, not a resource.
    (StageNotFoundError, INVALID),
    (AliasNotFoundError, INVALID),
    (NotFoundError, "RESOURCE_DOES_NOT_EXIST"),
    (ModelExistsError, "RESOURCE_ALREADY_EXISTS"),
    (ExperimentExistsError, "RESOURCE_ALREADY_EXISTS"),
    # Nothing was changed, so a retry helps. All clients retry on this code without being told to.
    (ContentionError, "REQUEST_LIMIT_EXCEEDED"),
    (ScanPendingError, "REQUEST_LIMIT_EXCEEDED"),
    (QuarantinedError, "PERMISSION_DENIED"),
    (ApprovalsMissingError, "PERMISSION_DENIED"),
    (ConflictError, "INVALID_STATE"),
    (PreconditionFailedError, "RESOURCE_CONFLICT"),
    (InvalidInputError, INVALID),
    (BodyTooLargeError, INVALID),
    (UnsupportedMediaTypeError, INVALID),
    (UnauthenticatedError, "UNAUTHENTICATED"),
    (PermissionDeniedError, "PERMISSION_DENIED"),
    (CrossSiteRequestError, "PERMISSION_DENIED"),
    (UnavailableError, "TEMPORARILY_UNAVAILABLE"),
)

# MLflow's own messages, each with the parameters that it quotes. Scripts search for these texts.
_MESSAGES: Final[tuple[tuple[type[RegistryError], tuple[str, ...], str], ...]] = (
    (VersionNotFoundError, ("name", "version"), "Model Version (name={name}, version={version}) not found"),
    (ModelNotFoundError, ("name", "version"), "Model Version (name={name}, version={version}) not found"),
    (ModelNotFoundError, ("name",), "Registered Model with name={name} not found"),
    (AliasNotFoundError, ("alias",), "Registered model alias {alias} not found."),
    (ModelExistsError, ("name",), "Registered Model (name={name}) already exists."),
)


# Where the registry refuses on purpose what MLflow's server does. The error says what to do instead.
_DIFFERENT: Final = (
    GatesNotMetError,
    ModelFrozenError,
    ModelNotEmptyError,
    TransitionNotAllowedError,
    VersionHeldError,
    VersionInUseError,
    VersionLockedError,
)
_EXPLAINED: Final = "MLflow's server would not refuse this; see 'What differs' in docs/mlflow.md."
_OTHER_SCHEME: Final = "The scheme 'standard' allows every move, as MLflow's server does."


def translated(error: RegistryError, given: Parameters | None) -> MlflowError:
    """The registry's error as MLflow's server would report it for a call with these parameters."""
    code = next((code for kind, code in _CODES if isinstance(error, kind)), "INTERNAL_ERROR")
    return MlflowError(code, _message(error, given))


def _message(error: RegistryError, given: Parameters | None) -> str:
    if given is not None:
        for kind, names, message in _MESSAGES:
            quoted = {name: given.text_or_empty(name) for name in names}
            if quoted.get("version", "").strip().isdecimal():
                quoted["version"] = quoted["version"].strip().lstrip("0") or "0"
            if isinstance(error, kind) and all(quoted.values()):
                return message.format(**quoted)
    more = "; ".join(problem.message for problem in error.problems if problem.message not in error.detail)
    sentences = [error.detail, more]
    if isinstance(error, TransitionNotAllowedError):
        sentences.append(_OTHER_SCHEME)
    if isinstance(error, _DIFFERENT):
        sentences.append(_EXPLAINED)
    return " ".join(filter(None, sentences))
