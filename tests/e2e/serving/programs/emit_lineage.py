"""OpenLineage's own client tells of a run that trained a version. The environment has the registry's address and token.

Arguments: the model, the version. Prints nothing: the client raises if the registry refuses the event.
"""

import sys
import uuid
from datetime import UTC, datetime

from openlineage.client import OpenLineageClient
from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState
from openlineage.client.facet_v2 import dataset_type_dataset, dataset_version_dataset

model, version = sys.argv[1:]
client = OpenLineageClient()
run = Run(runId=str(uuid.uuid5(uuid.NAMESPACE_URL, f"{model}/{version}")))
job = Job(namespace="airflow", name="train")
clicks = InputDataset(namespace="s3://lake", name="clicks")
trained = OutputDataset(
    namespace="moorage",
    name=model,
    facets={
        "datasetType": dataset_type_dataset.DatasetTypeDatasetFacet(datasetType="MODEL"),
        "version": dataset_version_dataset.DatasetVersionDatasetFacet(datasetVersion=version),
    },
)
for state, inputs, outputs in ((RunState.START, [clicks], []), (RunState.COMPLETE, [clicks], [trained])):
    now = datetime.now(UTC).isoformat()
    client.emit(RunEvent(eventType=state, eventTime=now, run=run, job=job, inputs=inputs, outputs=outputs))
client.close()
