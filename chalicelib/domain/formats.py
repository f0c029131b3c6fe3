"""The formats of webhooks, registered by their capabilities: the name that webhooks store, and where the format is."""

from typing import Final

from chalicelib.domain.webhooks.formats import Formats

FORMATS: Final = Formats(
    {
        "standard": "chalicelib.domain.webhooks.standard:STANDARD_FORMAT",
        "mlflow": "chalicelib.domain.mlflow.webhook_format:MLFLOW_FORMAT",
        "generic": "chalicelib.domain.triggers.generic:GENERIC_FORMAT",
        "github-dispatch": "chalicelib.domain.triggers.github:DISPATCH_FORMAT",
        "github-workflow": "chalicelib.domain.triggers.github:WORKFLOW_FORMAT",
        "github-deployment": "chalicelib.domain.triggers.github:DEPLOYMENT_FORMAT",
        "gitlab": "chalicelib.domain.triggers.gitlab:GITLAB_FORMAT",
        "jenkins": "chalicelib.domain.triggers.jenkins:JENKINS_FORMAT",
        "azure-devops": "chalicelib.domain.triggers.azure_devops:AZURE_DEVOPS_FORMAT",
        "argo-events": "chalicelib.domain.triggers.generic:ARGO_EVENTS_FORMAT",
        "slack": "chalicelib.domain.triggers.slack:SLACK_FORMAT",
        "teams": "chalicelib.domain.triggers.teams:TEAMS_FORMAT",
        "pagerduty": "chalicelib.domain.triggers.pagerduty:PAGERDUTY_FORMAT",
    }
)
