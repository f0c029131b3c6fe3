"""State machines, pipelines, and configurations of AppConfig, as far as a deployment sees them."""

from collections import Counter
from typing import Any

from tests.aws.deployments.imitation import ACCOUNT, REGION, Imitation, Refused

MACHINE = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:deploy"
PIPELINE = "deploy"
APPLICATION, ENVIRONMENT, PROFILE = "abc1234", "def1234", "ghi1234"


class StepFunctionsFake(Imitation):
    """One state machine. ``advance`` ends its executions as ``outcome`` says.

    ``forgiving``: the same execution may be started again with the same input, as on AWS; emulators refuse that.
    """

    service = "stepfunctions"

    def __init__(self) -> None:
        super().__init__()
        self.kind = "STANDARD"
        self.outcome: dict[str, str] = {"status": "SUCCEEDED"}
        self.forgiving = True
        self.executions: dict[str, dict[str, Any]] = {}

    def advance(self) -> None:
        for execution in self.executions.values():
            execution.update(self.outcome)

    def describe_state_machine(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {
            "stateMachineArn": asked["stateMachineArn"],
            "name": "deploy",
            "definition": "{}",
            "roleArn": f"arn:aws:iam::{ACCOUNT}:role/machine",
            "type": self.kind,
            "creationDate": 0,
        }

    def describe_execution(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["executionArn"] not in self.executions:
            raise Refused("ExecutionDoesNotExist", "Execution Does Not Exist.")
        return self.executions[asked["executionArn"]]

    def start_execution(self, asked: dict[str, Any]) -> dict[str, Any]:
        arn = f"arn:aws:states:{REGION}:{ACCOUNT}:execution:deploy:{asked['name']}"
        if arn in self.executions and not (self.forgiving and self.executions[arn]["input"] == asked["input"]):
            raise Refused("ExecutionAlreadyExists", "Execution Already Exists.")
        started = {"executionArn": arn, "stateMachineArn": MACHINE, "status": "RUNNING", "startDate": 0}
        self.executions.setdefault(arn, {**started, "input": asked["input"]})
        return {"executionArn": arn, "startDate": 0}


class CodePipelineFake(Imitation):
    """One pipeline, which answers the same execution for the same token. ``advance`` ends its executions."""

    service = "codepipeline"

    def __init__(self) -> None:
        super().__init__()
        self.outcome = {"status": "Succeeded"}
        self.executions: dict[str, dict[str, Any]] = {}
        self.variables: dict[str, str] = {}
        self._tokens: dict[str, str] = {}

    def advance(self) -> None:
        for execution in self.executions.values():
            execution.update(self.outcome)

    def start_pipeline_execution(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["name"] != PIPELINE:
            raise Refused("PipelineNotFoundException", "The pipeline does not exist.")
        token = asked["clientRequestToken"]
        if token not in self._tokens:
            self._tokens[token] = f"00000000-0000-0000-0000-{len(self.executions):012x}"
            self.executions[self._tokens[token]] = {"status": "InProgress"}
            self.variables = {variable["name"]: variable["value"] for variable in asked["variables"]}
        return {"pipelineExecutionId": self._tokens[token]}

    def get_pipeline_execution(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {"pipelineExecution": self.executions[asked["pipelineExecutionId"]]}


class AppConfigFake(Imitation):
    """One application, environment and profile. ``advance`` brings the rollout forward; ``rings`` rolls it back."""

    service = "appconfig"

    def __init__(self) -> None:
        super().__init__()
        self.hosted: list[dict[str, Any]] = []
        self.rollouts: list[dict[str, Any]] = []
        self.rings = False

    def advance(self) -> None:
        for rollout in self.rollouts:
            following = {
                "DEPLOYING": "ROLLING_BACK" if self.rings else "BAKING",
                "BAKING": "COMPLETE",
                "ROLLING_BACK": "ROLLED_BACK",
            }
            rollout["State"] = following.get(rollout["State"], rollout["State"])

    def served(self) -> bytes:
        """The configuration that consumers get."""
        complete = [rollout for rollout in self.rollouts if rollout["State"] == "COMPLETE"]
        content: bytes = self.hosted[int(complete[-1]["ConfigurationVersion"]) - 1]["Content"]
        return content

    def create_hosted_configuration_version(self, asked: dict[str, Any]) -> dict[str, Any]:
        labels = Counter(one["VersionLabel"] for one in self.hosted)
        if labels[asked["VersionLabel"]]:
            raise Refused("ConflictException", "The label is in use.", 409)
        self.hosted.append({**asked, "VersionNumber": len(self.hosted) + 1})
        return {"VersionNumber": len(self.hosted)}

    def list_hosted_configuration_versions(self, asked: dict[str, Any]) -> dict[str, Any]:
        found = [one for one in self.hosted if one["VersionLabel"] == asked["VersionLabel"]]
        return {"Items": [{field: one[field] for field in ("VersionNumber", "VersionLabel")} for one in found]}

    def list_deployments(self, asked: dict[str, Any]) -> dict[str, Any]:
        # One a page, the newest first.
        page = int(asked.get("NextToken", "0"))
        newest_first = self.rollouts[::-1]
        more = {"NextToken": str(page + 1)} if page + 1 < len(newest_first) else {}
        return {"Items": newest_first[page : page + 1], **more}

    def get_deployment(self, asked: dict[str, Any]) -> dict[str, Any]:
        log = [{"Description": "The alarm errors rang."}] if self.rings else []
        return {**self.rollouts[asked["DeploymentNumber"] - 1], "EventLog": log}

    def start_deployment(self, asked: dict[str, Any]) -> dict[str, Any]:
        running = any(one["State"] in ("DEPLOYING", "BAKING", "ROLLING_BACK") for one in self.rollouts)
        if running or asked.get("LatestDeploymentNumber", 0) != len(self.rollouts):
            raise Refused("ConflictException", "Another deployment has begun.", 409)
        rollout = {
            "DeploymentNumber": len(self.rollouts) + 1,
            "ConfigurationVersion": asked["ConfigurationVersion"],
            "ConfigurationProfileId": asked["ConfigurationProfileId"],
            "State": "DEPLOYING",
            "PercentageComplete": 50.0,
            "VersionLabel": self.hosted[int(asked["ConfigurationVersion"]) - 1]["VersionLabel"],
        }
        self.rollouts.append(rollout)
        return {"DeploymentNumber": rollout["DeploymentNumber"]}
