"""Writes versions into parameters of Systems Manager, from which consumers read what to serve."""

from typing import Any

from chalicelib.aws.deployments.console import page
from chalicelib.aws.deployments.platform import SOON, Platform, serving, working
from chalicelib.domain.deployments.driving import Order, Step
from chalicelib.domain.deployments.version_variables import document


def step(order: Order, platform: Platform) -> Step:
    """Put the document of the order's version into the parameter, if it holds another."""
    client = platform.client("ssm")
    parameter, wanted = order.config["parameter"], document(order)
    present = _read(client, parameter)
    if present != wanted:
        # A parameter that exists keeps its type.
        new: dict[str, Any] = {"Type": "String"} if present is None else {}
        try:
            client.put_parameter(Name=parameter, Value=wanted, Overwrite=present is not None, **new)
        except client.exceptions.ParameterAlreadyExists:
            return working(order, f"The parameter {parameter} was made meanwhile; it is looked at again.", SOON)
    links = {"Parameter": page(client, f"systems-manager/parameters/{parameter.lstrip('/')}/description")}
    return serving(order, f"The parameter {parameter} names version {order.version} of {order.model}.", links)


def _read(client: Any, parameter: str) -> str | None:
    try:
        value: str = client.get_parameter(Name=parameter)["Parameter"]["Value"]
    except client.exceptions.ParameterNotFound:
        return None
    return value
