"""Lambda's functions, their published versions and aliases, with the revisions that moto does not keep."""

from typing import Any

from tests.aws.deployments.imitation import ACCOUNT, REGION, Imitation, Refused

FUNCTION = "score"


class LambdaFake(Imitation):
    """One function. ``advance`` lets an update of it be applied. ``answering`` are fields of its next descriptions."""

    service = "lambda"

    def __init__(self) -> None:
        super().__init__()
        self.latest: dict[str, Any] = {
            "FunctionName": FUNCTION,
            "FunctionArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{FUNCTION}",
            "Version": "$LATEST",
            "CodeSha256": "y" * 44,
            "State": "Active",
            "LastUpdateStatus": "Successful",
            "Environment": {"Variables": {"LEVEL": "info"}},
        }
        self.versions: list[dict[str, Any]] = []
        self.aliases: dict[str, dict[str, Any]] = {}
        self.answering: dict[str, Any] = {}
        self._revisions = 0
        self._revise(self.latest)

    def advance(self) -> None:
        """Let Lambda apply the last update of the function's configuration."""
        if self.latest["LastUpdateStatus"] == "InProgress":
            self.latest["LastUpdateStatus"] = "Successful"
            self._revise(self.latest)

    def get_function_configuration(self, asked: dict[str, Any]) -> dict[str, Any]:
        self._check_function(asked)
        qualifier = asked.get("Qualifier", "$LATEST")
        return {**next(one for one in [self.latest, *self.versions] if one["Version"] == qualifier), **self.answering}

    def update_function_configuration(self, asked: dict[str, Any]) -> dict[str, Any]:
        self._check_revision(self.latest, asked)
        if self.latest["LastUpdateStatus"] == "InProgress":
            raise Refused("ResourceConflictException", "An update is in progress.", 409)
        self.latest |= {"Environment": asked["Environment"], "LastUpdateStatus": "InProgress"}
        self._revise(self.latest)
        return self.latest

    def publish_version(self, asked: dict[str, Any]) -> dict[str, Any]:
        self._check_revision(self.latest, asked)
        same = [one for one in self.versions if one["Environment"] == self.latest["Environment"]]
        if same:
            return same[-1]
        version = {**self.latest, "Version": str(len(self.versions) + 1), "Description": asked["Description"]}
        self.versions.append(version)
        self._revise(self.latest)
        return version

    def list_versions_by_function(self, asked: dict[str, Any]) -> dict[str, Any]:
        self._check_function(asked)
        # One a page, so that those who look for a version have to turn pages.
        page = int(asked.get("Marker", "0"))
        found = [self.latest, *self.versions]
        more = {"NextMarker": str(page + 1)} if page + 1 < len(found) else {}
        return {"Versions": [found[page]], **more}

    def get_alias(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["Name"] not in self.aliases:
            raise Refused("ResourceNotFoundException", "Cannot find alias.", 404)
        return self.aliases[asked["Name"]]

    def create_alias(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["Name"] in self.aliases:
            raise Refused("ResourceConflictException", "Alias already exists.", 409)
        self.aliases[asked["Name"]] = {"Name": asked["Name"], "FunctionVersion": asked["FunctionVersion"]}
        return self._revise(self.aliases[asked["Name"]])

    def update_alias(self, asked: dict[str, Any]) -> dict[str, Any]:
        alias = self.get_alias(asked)
        self._check_revision(alias, asked)
        self.point(asked["Name"], asked["FunctionVersion"], asked["RoutingConfig"]["AdditionalVersionWeights"])
        return alias

    def point(self, name: str, version: str, weights: dict[str, float]) -> None:
        """Move an alias, as anybody does who may."""
        alias = self.aliases[name]
        alias |= {"FunctionVersion": version}
        alias.pop("RoutingConfig", None)
        if weights:
            alias["RoutingConfig"] = {"AdditionalVersionWeights": weights}
        self._revise(alias)

    def _check_function(self, asked: dict[str, Any]) -> None:
        if asked["FunctionName"] != FUNCTION:
            raise Refused("ResourceNotFoundException", f"Function not found: {asked['FunctionName']}", 404)

    def _check_revision(self, thing: dict[str, Any], asked: dict[str, Any]) -> None:
        if asked["RevisionId"] != thing["RevisionId"]:
            raise Refused("PreconditionFailedException", "The Revision Id provided does not match.", 412)

    def _revise(self, thing: dict[str, Any]) -> dict[str, Any]:
        self._revisions += 1
        thing["RevisionId"] = f"revision-{self._revisions}"
        return thing


class AlarmsFake(Imitation):
    """CloudWatch's alarms. Those in ``ringing`` are in the state ALARM."""

    service = "cloudwatch"

    def __init__(self) -> None:
        super().__init__()
        self.ringing: set[str] = set()

    def describe_alarms(self, asked: dict[str, Any]) -> dict[str, Any]:
        assert asked["StateValue"] == "ALARM"
        found = self.ringing.intersection(asked["AlarmNames"])
        return {"MetricAlarms": [{"AlarmName": name, "StateValue": "ALARM"} for name in sorted(found)]}
