"""What drivers make of refusals, and where their links lead."""

from chalicelib.aws.deployments import codepipeline as codepipeline_driver
from chalicelib.aws.deployments.console import page
from chalicelib.domain.deployments.driving import Found
from chalicelib.domain.deployments.platforms import codepipeline
from tests.aws.deployments.imitation import Refused
from tests.aws.deployments.pipelines_fake import PIPELINE, CodePipelineFake
from tests.aws.deployments.stepping import made, order


def test_a_call_that_the_role_does_not_allow_says_where_rights_come_from() -> None:
    fake = CodePipelineFake()
    fake.refusals["StartPipelineExecution"] = Refused("AccessDeniedException", "is not authorized to perform this.")
    step = made(codepipeline_driver, {"codepipeline": fake.client})(
        order(codepipeline.config({"pipeline": PIPELINE}), {})
    )
    assert step.found == Found.FAILED
    assert "StartPipelineExecution" in step.detail and "deploy_ options" in step.detail


def test_links_lead_to_the_console_of_the_partition() -> None:
    client = CodePipelineFake().client
    assert page(client, "states/home#/v2/a b").startswith("https://eu-central-1.console.aws.amazon.com/")
    assert page(client, "states/home#/v2/a b").endswith("/states/home#/v2/a%20b")
