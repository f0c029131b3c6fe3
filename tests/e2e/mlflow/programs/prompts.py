"""Registers two versions of a prompt, gives one an alias, and finds it again. Argument: the prompt's name."""

import json
import sys

import mlflow

name = sys.argv[1]
mlflow.genai.register_prompt(name, "Summarise {{text}}.", commit_message="first", tags={"lang": "en"})
second = mlflow.genai.register_prompt(name, "Summarise {{text}} in {{count}} words.", commit_message="second")
mlflow.genai.set_prompt_alias(name, "live", second.version)
loaded = mlflow.genai.load_prompt(f"prompts:/{name}@live")
first = mlflow.genai.load_prompt(f"prompts:/{name}/1")
found = mlflow.genai.search_prompts(filter_string=f"name = '{name}'")
models = mlflow.MlflowClient().search_registered_models(f"name = '{name}'")
json.dump(
    {
        "version": loaded.version,
        "formatted": loaded.format(text="this", count=3),
        "first": first.template,
        "prompts": [one.name for one in found],
        "models": [one.name for one in models],
    },
    sys.stdout,
)
