"""MLflow's code on the page that counts statements does what the page says, with MLflow's own client and store."""

from pathlib import Path

from tests.e2e.mlflow import installed
from tests.eight_tasks import cells, preparation, tasks

# Each version has a run of its own, as if another process had registered it.
EARLIER = """
for columns in (2, 5):
    model, auc = train(columns)
    logged = mlflow.sklearn.log_model(
        model, name="tumours", registered_model_name="tumours", pip_requirements=["scikit-learn"]
    )
    mlflow.log_metrics({"auc": auc}, model_id=logged.model_id)
    mlflow.end_run()
earlier = logged.registered_model_version
model, auc = train(30)
"""
# What holds after a task. ``shown`` is the value of a task that is an expression.
HOLDS = {
    "Register a model with its environment": "assert client.get_model_version('tumours', '3').status == 'READY'",
    "Move an alias": "assert client.get_model_version_by_alias('tumours', 'champion').version == 3",
    "Load by alias": "assert (champion.predict(X_test) == model.predict(X_test)).all()",
    "The best versions by a metric": "assert list(shown['model_id'])[0] == logged.model_id and len(shown) == 3",
    "Write the model card": "assert 'diagnosis' in client.get_registered_model('tumours').description",
    "Plot a metric over the versions": "assert list(shown.get_lines()[0].get_ydata())[2] == auc",
    "Roll back": "assert client.get_model_version_by_alias('tumours', 'champion').version == 2",
}


def test_the_code_of_mlflow_does_the_tasks(tmp_path: Path) -> None:
    parts = [preparation("MLflow"), "".join(cells()["data"]["source"]), EARLIER]
    for task in tasks():
        if "MLflow" in task.code:
            code = task.code["MLflow"]
            parts += [f"shown = {code}" if code.startswith("mlflow.search") else code, HOLDS[task.title]]
    program = tmp_path / "tasks.py"
    program.write_text("\n".join(parts), encoding="utf-8")
    variables = {"MLFLOW_TRACKING_URI": f"sqlite:///{tmp_path}/mlflow.db", "MPLBACKEND": "agg", "HOME": str(tmp_path)}
    installed.run("mlflow3", program, cwd=tmp_path, variables=variables)
