"""Copies a version to another model, moves it through stages, and tries what a registry must refuse.

Arguments: the model, its version, the model to copy to.
"""

import json
import sys
import warnings

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

warnings.simplefilter("ignore", FutureWarning)
name, version, other = sys.argv[1:4]
client = MlflowClient()


def refusal(call, *arguments):
    try:
        call(*arguments)
    except MlflowException as error:
        return error.error_code
    return None


copied = client.copy_model_version(f"models:/{name}/{version}", other)
moved = client.transition_model_version_stage(other, copied.version, "Staging")
latest = client.get_latest_versions(other, stages=["Staging"])
client.set_registered_model_alias(other, "blue", copied.version)
resolved = client.get_model_version_by_alias(other, "blue")
client.delete_registered_model_alias(other, "blue")
json.dump(
    {
        "copied": copied.version,
        "source": copied.source,
        "stage": moved.current_stage,
        "latest": [one.version for one in latest],
        "resolved": resolved.version,
        "refused": {
            "unknown model": refusal(client.get_registered_model, "no-such-model"),
            "unknown alias": refusal(client.get_model_version_by_alias, other, "blue"),
            "same name": refusal(client.create_registered_model, other),
            "unknown stage": refusal(client.transition_model_version_stage, other, copied.version, "Nowhere"),
            "bad filter": refusal(client.search_model_versions, "stage = Production"),
        },
        "downloaded": sorted(
            path.rpartition("/")[2]
            for path in [mlflow.artifacts.download_artifacts(f"models:/{other}/{copied.version}")]
        ),
    },
    sys.stdout,
)
