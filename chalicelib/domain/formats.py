"""The formats of webhooks, registered by their capabilities."""

from typing import Final

from chalicelib.domain.mlflow.webhook_format import MLFLOW_FORMAT
from chalicelib.domain.triggers.azure_devops import AZURE_DEVOPS_FORMAT
from chalicelib.domain.triggers.generic import ARGO_EVENTS_FORMAT, GENERIC_FORMAT
from chalicelib.domain.triggers.github import DEPLOYMENT_FORMAT, DISPATCH_FORMAT, WORKFLOW_FORMAT
from chalicelib.domain.triggers.gitlab import GITLAB_FORMAT
from chalicelib.domain.triggers.jenkins import JENKINS_FORMAT
from chalicelib.domain.triggers.pagerduty import PAGERDUTY_FORMAT
from chalicelib.domain.triggers.slack import SLACK_FORMAT
from chalicelib.domain.triggers.teams import TEAMS_FORMAT
from chalicelib.domain.webhooks.formats import Formats
from chalicelib.domain.webhooks.standard import STANDARD_FORMAT

FORMATS: Final = Formats(
    (
        STANDARD_FORMAT,
        MLFLOW_FORMAT,
        GENERIC_FORMAT,
        DISPATCH_FORMAT,
        WORKFLOW_FORMAT,
        DEPLOYMENT_FORMAT,
        GITLAB_FORMAT,
        JENKINS_FORMAT,
        AZURE_DEVOPS_FORMAT,
        ARGO_EVENTS_FORMAT,
        SLACK_FORMAT,
        TEAMS_FORMAT,
        PAGERDUTY_FORMAT,
    )
)
