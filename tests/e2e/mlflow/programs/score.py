"""Scores with MLflow's own client: ``score.py HOST PORT``. Prints what it was answered as JSON."""

import json
import sys

import numpy
import pandas
import requests
from mlflow.pyfunc.scoring_server.client import ScoringServerClient

host, port = sys.argv[1:]
client = ScoringServerClient(host, int(port))
client.wait_server_ready()
assert client.get_version()
table = client.invoke(pandas.DataFrame({"amount": [1.0, 2.0]})).get_predictions()
rows = client.invoke(numpy.array([[1.0], [2.0]])).get_predictions()
refused = requests.post(f"http://{host}:{port}/invocations", json={"data": [1.0]})
assert refused.json()["error_code"] == "BAD_REQUEST"
print(
    json.dumps(
        {
            "table": [int(value) for value in table.iloc[:, 0]],
            "rows": [int(value) for value in rows.iloc[:, 0]],
            "refused": refused.status_code,
        }
    )
)
