"""The stack as a release before the search deployed it, for the upgrade test: ``cdk deploy --app``.

Its table has neither the search's indexes nor that of the inbox, and SAM makes its open second stage of both APIs.
"""

import os
import tempfile
from pathlib import Path

import aws_cdk as cdk

from chalicelib.aws import names
from infra.main import build_app

if __name__ == "__main__":
    for index in (names.OPEN_REQUESTS, *names.SEARCH_INDEXES):
        del names.INDEXES[index]
    output = Path(os.environ["CDK_OUTDIR"]).absolute()
    with tempfile.TemporaryDirectory() as scratch:
        os.chdir(scratch)  # Chalice leaves files in the working directory
        app = build_app(output)
        for construct in app.node.find_all():
            if isinstance(construct, cdk.CfnResource) and construct.cfn_resource_type == "AWS::Serverless::Api":
                construct.add_property_deletion_override("OpenApiVersion")
        app.synth()
