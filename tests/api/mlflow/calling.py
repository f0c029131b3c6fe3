"""Callers of MLflow's dialect: calls by method and path, and their documents and errors."""

from dataclasses import dataclass
from typing import Any

from chalicelib.aws.services import services
from chalicelib.domain.access.principal import Action, Grant, Principal, Role
from tests.api.gateway import Function, Reply
from tests.registry.build import ready

PREFIX = "/api/2.0/mlflow/"


@dataclass(frozen=True)
class Refusal:
    """The parts of an error that clients look at."""

    status: int
    error_code: str
    message: str


class Mlflow:
    """A caller of the dialect with a role on some models. ``custom`` gives the actions of custom roles."""

    def __init__(
        self,
        role: Role | str = Role.ADMIN,
        models: str = "*",
        name: str = "token:ada",
        custom: dict[str, list[str]] | None = None,
    ) -> None:
        roles = {role: frozenset(map(Action, actions)) for role, actions in (custom or {}).items()}
        self.principal = Principal(name, (Grant(role, models),), (), roles)
        self.function = Function(self.principal, path=f"/api{PREFIX}x", domainName="host")

    def raw(self, method: str, path: str, **given: Any) -> Reply:
        """The reply to a call, with the parameters in the query of a GET or else in the body."""
        if method == "GET":
            return self.function.get(PREFIX + path, query=given)
        return self.function.request(method, PREFIX + path, given)

    def ask(self, method: str, path: str, **given: Any) -> Any:
        """The document of a call that must succeed."""
        reply = self.raw(method, path, **given)
        assert reply.status == 200, reply.text
        return reply.document

    def refused(self, method: str, path: str, **given: Any) -> Refusal:
        """The error of a call that must fail."""
        reply = self.raw(method, path, **given)
        assert reply.status >= 400, reply.text
        return Refusal(reply.status, reply.document["error_code"], reply.document["message"])

    def model(self, name: str = "fraud", **given: Any) -> Any:
        return self.ask("POST", "registered-models/create", name=name, **given)["registered_model"]

    def version(self, name: str = "fraud", **given: Any) -> Any:
        """A READY version without files in the registry."""
        wanted = {"source": "s3://elsewhere/model", **given}
        return self.ask("POST", "model-versions/create", name=name, **wanted)["model_version"]

    def with_files(self, name: str = "fraud") -> str:
        """The number of a READY version that owns its files."""
        return str(ready(services(), name).number)

    def get(self, name: str = "fraud") -> Any:
        return self.ask("GET", "registered-models/get", name=name)["registered_model"]

    def get_version(self, number: int | str, name: str = "fraud") -> Any:
        return self.ask("GET", "model-versions/get", name=name, version=str(number))["model_version"]

    def move(self, number: int | str, stage: str, name: str = "fraud", **given: Any) -> Any:
        moved = self.ask(
            "POST", "model-versions/transition-stage", name=name, version=str(number), stage=stage, **given
        )
        return moved["model_version"]
