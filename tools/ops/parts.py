"""The parts of a deployed stack that an operator works on, found by their ids in the stack's template."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from infra.workload import DEPLOYER, INTAKE, NOTIFIER, PROMOTER, SCANNER, SIGNER, WORKLOADS
from tools.stack import ToolFailure

# The rules of the bus, by the function that each invokes. tests/infra compares them with the template.
RULES: Final = {
    PROMOTER: "TriggersGatesToPromoter",
    NOTIFIER: "TriggersAllToNotifier",
    INTAKE: "TriggersSourcesToIntake",
    DEPLOYER: "TriggersMovesToDeployer",
    SCANNER: "TriggersVersionsToScanner",
    SIGNER: "TriggersReadyToSigner",
}
WITH_DEAD_LETTERS: Final = tuple(name for name, workload in WORKLOADS.items() if workload.dead_letters)
DELIVERIES: Final = "MessagingDelivery"
STEPS: Final = "MessagingSteps"
ARCHIVE: Final = "MessagingBusArchive"
# CDK ends an id with eight characters of a hash.
_HASH: Final = 8


@dataclass(frozen=True, slots=True)
class Parts:
    """The resources of a stack: their physical names, by their ids in the template."""

    names: Mapping[str, str]

    def dead_letters(self, function: str) -> str:
        """The URL of a function's dead-letter queue."""
        return self.named(f"Messaging{function.capitalize()}DeadLetters")

    def function(self, function: str) -> str:
        """The name of a function."""
        return self.names[WORKLOADS[function].resource]

    def rule(self, function: str) -> str:
        """The name of the rule that invokes a function. CloudFormation puts the name of the bus before it."""
        return self.named(RULES[function]).rpartition("|")[2]

    def named(self, logical_id: str) -> str:
        """The physical name of the resource whose id, without CDK's hash, is ``logical_id``. Raises ToolFailure."""
        for found, name in self.names.items():
            if found[:-_HASH] == logical_id:
                return name
        raise ToolFailure(f"The stack has no {logical_id}. Is it of this release, and was it deployed with it?")
