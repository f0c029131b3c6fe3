"""The kinds of targets, registered by the capabilities that know their platforms."""

from typing import Final

from chalicelib.domain.deployments.external import EXTERNAL
from chalicelib.domain.deployments.kinds import Kinds
from chalicelib.domain.deployments.platforms import (
    appconfig,
    codepipeline,
    ecs_service,
    lambda_alias,
    sagemaker_endpoint,
    ssm_parameter,
    step_functions,
)

KINDS: Final = Kinds(
    (
        EXTERNAL,
        sagemaker_endpoint.KIND,
        lambda_alias.KIND,
        ecs_service.KIND,
        step_functions.KIND,
        codepipeline.KIND,
        ssm_parameter.KIND,
        appconfig.KIND,
    )
)
