"""Puts versions behind aliases of Lambda functions: a published version of the function for each version of the model.

The function's environment names the model's version. Lambda publishes that configuration, and the alias then moves to
what was published: at once, or with a share of the calls first.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from botocore.exceptions import ClientError

from chalicelib.aws.deployments.alarms import ringing
from chalicelib.aws.deployments.console import page
from chalicelib.aws.deployments.platform import SOON, Platform, code, failed, serving, working
from chalicelib.domain.deployments.driving import Order, Step
from chalicelib.domain.deployments.shifting import EVERYTHING, following
from chalicelib.domain.deployments.version_variables import variables

# Another call changes the function, or has changed it since we read it.
_OVERTAKEN: Final = frozenset({"ResourceConflictException", "PreconditionFailedException"})
_POLL_SECONDS: Final = 5
# How often the alarms are asked while a share of the calls goes to the new version.
_WATCH_SECONDS: Final = 30
# Memo: the published version; where the alias pointed before and its revision then; the share of the calls that the
# version has, in percent, and since when.
_PUBLISHED: Final = "published"
_BEFORE: Final = "before"
_REVISION: Final = "revision"
_PERCENT: Final = "percent"
_SINCE: Final = "since"


def step(order: Order, platform: Platform) -> Step:
    """Take the next step to an alias that points to a function that loads the order's version."""
    return _Alias(order, platform).step()


class _Alias:
    """One step of one order."""

    def __init__(self, order: Order, platform: Platform) -> None:
        self._order = order
        self._platform = platform
        self._client = platform.client("lambda")
        self._function = order.config["function"]
        self._alias = {"FunctionName": self._function, "Name": order.config["alias"]}
        self._title = f"The alias {order.config['alias']} of the function {self._function}"
        self._links = {f"Function {self._function}": page(self._client, f"lambda/home#/functions/{self._function}")}

    def step(self) -> Step:
        try:
            published = self._order.memo.get(_PUBLISHED) or self._published()
            return self._publish() if published is None else self._point(published)
        except ClientError as error:
            if code(error) not in _OVERTAKEN:
                raise
            return working(self._order, f"{self._title} or its function was changed; it is looked at again.", SOON)

    def _published(self) -> str | None:
        """The version of the function that an earlier step published for this deployment."""
        pages = self._client.get_paginator("list_versions_by_function").paginate(FunctionName=self._function)
        for answer in pages:
            for version in answer["Versions"]:
                if version.get("Description") == self._label:
                    return str(version["Version"])
        return None

    @property
    def _label(self) -> str:
        return f"moorage {self._order.deployment}"

    def _publish(self) -> Step:
        """Set the function's environment, wait until Lambda has applied it, then publish it."""
        latest = self._client.get_function_configuration(FunctionName=self._function)
        environment = latest.get("Environment", {})
        if "Error" in environment:
            # Lambda may not decrypt the variables for us, and answers none. Setting ours would remove them.
            reason = environment["Error"].get("Message", "Lambda gives no reason")
            return failed(
                self._order, f"The variables of the function {self._function} cannot be read: {reason}", self._links
            )
        present = environment.get("Variables", {})
        wanted = {**present, **variables(self._order)}
        if latest.get("LastUpdateStatus") == "InProgress" or latest.get("State") == "Pending":
            return working(self._order, f"The function {self._function} is being updated.", _POLL_SECONDS)
        if present != wanted:
            self._client.update_function_configuration(
                FunctionName=self._function, Environment={"Variables": wanted}, RevisionId=latest["RevisionId"]
            )
            return working(self._order, f"The function {self._function} gets its environment.", SOON)
        if latest.get("LastUpdateStatus") == "Failed":
            reason = latest.get("LastUpdateStatusReason", "Lambda gives no reason")
            return failed(self._order, f"The function {self._function} could not be updated: {reason}", self._links)
        version = self._client.publish_version(
            FunctionName=self._function, Description=self._label, RevisionId=latest["RevisionId"]
        )["Version"]
        detail = f"The function {self._function} has the published version {version}."
        return working(self._order, detail, 0, **{_PUBLISHED: version})

    def _point(self, published: str) -> Step:
        """Move the alias to a published version."""
        function = self._client.get_function_configuration(FunctionName=self._function, Qualifier=published)
        if function.get("State") == "Pending":
            detail = f"Version {published} of the function {self._function} is being prepared."
            return working(self._order, detail, _POLL_SECONDS, **{_PUBLISHED: published})
        if function.get("State") == "Failed":
            reason = function.get("StateReason", "Lambda gives no reason")
            return self._failed(f"cannot point to version {published}: {reason}")
        alias = self._read()
        if alias is None:
            return self._create(published)
        weights = alias.get("RoutingConfig", {}).get("AdditionalVersionWeights", {})
        if alias["FunctionVersion"] == published and not weights:
            return serving(self._order, f"{self._title} points to version {published}.", self._links)
        if _REVISION not in self._order.memo:
            # Remembered before the alias moves: whether it was moved back can be told later, even after a crash.
            noted = {_PUBLISHED: published, _BEFORE: alias["FunctionVersion"], _REVISION: alias["RevisionId"]}
            return working(self._order, f"{self._title} is about to be moved.", 0, **noted)
        return self._shift(alias, published, round(weights.get(published, 0.0) * EVERYTHING))

    def _read(self) -> dict[str, Any] | None:
        try:
            alias: dict[str, Any] = self._client.get_alias(**self._alias)
        except self._client.exceptions.ResourceNotFoundException:
            return None
        return alias

    def _create(self, published: str) -> Step:
        if _REVISION in self._order.memo:
            return self._failed("was deleted during the deployment")
        self._client.create_alias(**self._alias, FunctionVersion=published)
        return working(self._order, f"{self._title} is new.", 0, **{_PUBLISHED: published})

    def _shift(self, alias: dict[str, Any], published: str, percent: int) -> Step:
        """Send the next share of the calls to the version, or take all of them back when an alarm rings."""
        memo = self._order.memo
        if alias["FunctionVersion"] != memo[_BEFORE] or (percent == 0 and alias["RevisionId"] != memo[_REVISION]):
            where = f"points to version {alias['FunctionVersion']}"
            return self._failed(f"{where}: an alarm or somebody else moved it during the deployment")
        alarms = ringing(self._platform.client("cloudwatch"), self._order.policy["alarms"])
        if alarms:
            if percent:
                self._move(alias, memo[_BEFORE], {})
            return self._failed(f"points to version {memo[_BEFORE]} as before, because of {', '.join(alarms)}")
        left = self._left(percent)
        if left > 0:
            detail = f"{self._title} sends {percent} % of the calls to version {published}."
            return working(self._order, detail, min(left, _WATCH_SECONDS), **self._held(percent))
        share = following(self._order.policy, percent)
        if share == EVERYTHING:
            self._move(alias, published, {})
            return working(self._order, f"{self._title} is moved to version {published}.", 0)
        self._move(alias, memo[_BEFORE], {published: share / EVERYTHING})
        return working(self._order, f"{self._title} sends {share} % of the calls to version {published}.", 0)

    def _left(self, percent: int) -> int:
        """For how many seconds the version keeps its present share of the calls."""
        if percent == 0:
            return 0
        held = datetime.fromisoformat(self._held(percent)[_SINCE])
        until = held + timedelta(seconds=self._order.policy["wait_seconds"])
        return max(0, round((until - datetime.fromisoformat(self._platform.clock())).total_seconds()))

    def _held(self, percent: int) -> dict[str, str]:
        """The share, and since when a step has seen it: a step that was cut off makes that later, never earlier."""
        if self._order.memo.get(_PERCENT) == str(percent):
            return {_PERCENT: str(percent), _SINCE: self._order.memo[_SINCE]}
        return {_PERCENT: str(percent), _SINCE: self._platform.clock()}

    def _move(self, alias: dict[str, Any], version: str, weights: dict[str, float]) -> None:
        self._client.update_alias(
            **self._alias,
            FunctionVersion=version,
            RoutingConfig={"AdditionalVersionWeights": weights},
            RevisionId=alias["RevisionId"],
        )

    def _failed(self, detail: str) -> Step:
        return failed(self._order, f"{self._title} {detail}.", self._links)
