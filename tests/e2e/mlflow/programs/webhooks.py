"""Subscribes to a registry's changes with MLflow's client and makes some. Arguments: the receiver's URL, the model."""

import json
import sys

from mlflow import MlflowClient

url, name = sys.argv[1:3]
client = MlflowClient()
hook = client.create_webhook(
    name="story",
    url=url,
    events=["registered_model.created", "model_version_tag.set", "model_version_alias.created"],
    secret="whispered-words",
)
client.create_registered_model(name, tags={"team": "risk"}, description="watched")
version = client.create_model_version(name, "s3://elsewhere/model", tags={"from": "elsewhere"})
client.set_model_version_tag(name, version.version, "checked", "yes")
client.set_registered_model_alias(name, "champion", version.version)
tested = client.test_webhook(hook.webhook_id)
updated = client.update_webhook(hook.webhook_id, description="tells the story")
json.dump(
    {
        "id": hook.webhook_id,
        "listed": [one.webhook_id for one in client.list_webhooks()],
        "tested": [tested.success, tested.response_status],
        "status": str(updated.status),
        "description": updated.description,
        "version": version.version,
    },
    sys.stdout,
)
