"""OpenLineage's own classes read the events that the registry exports, which are on standard input.

Prints how many there are. The classes raise for what the standard does not allow: ids that are no UUIDs, times without
a zone, addresses that are none.
"""

import json
import sys

from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState
from openlineage.client.facet_v2 import dataset_type_dataset, dataset_version_dataset, source_code_location_job

FACETS = {
    "datasetType": dataset_type_dataset.DatasetTypeDatasetFacet,
    "version": dataset_version_dataset.DatasetVersionDatasetFacet,
    "sourceCodeLocation": source_code_location_job.SourceCodeLocationJobFacet,
}


def facets(given):
    for name, content in given.items():
        if content["_schemaURL"] != FACETS[name](**_fields(content))._schemaURL:
            raise ValueError(f"{name} is of another schema: {content['_schemaURL']}")
    return {name: FACETS[name](**_fields(content)) for name, content in given.items()}


def _fields(content):
    return {name: value for name, value in content.items() if not name.startswith("_")}


def datasets(kind, given):
    return [kind(namespace=one["namespace"], name=one["name"], facets=facets(one["facets"])) for one in given]


events = json.load(sys.stdin)
for event in events:
    RunEvent(
        eventType=RunState[event["eventType"]],
        eventTime=event["eventTime"],
        producer=event["producer"],
        run=Run(runId=event["run"]["runId"]),
        job=Job(event["job"]["namespace"], event["job"]["name"], facets=facets(event["job"]["facets"])),
        inputs=datasets(InputDataset, event["inputs"]),
        outputs=datasets(OutputDataset, event["outputs"]),
    )
print(len(events))
