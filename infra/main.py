"""CDK's entry point: ``python -m infra.main``, which the CDK command line runs (see cdk.json)."""

import os
import sys
import tempfile
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import Validations
from cdk_nag import AwsSolutionsChecks

from infra.acknowledged import acknowledge
from infra.incomplete_package import IncompletePackage
from infra.opinion_package import stage_opinion_package
from infra.option_values import InvalidOption
from infra.options import StackOptions
from infra.package_source import stage_package_source
from infra.stack import MoorageStack
from infra.web_package import stage_web_package

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "lambda"
WEB_BUILD = ROOT / "build" / "web-package"
OPINION_BUILD = ROOT / "build" / "opinion-package"


def build_app(output: Path) -> cdk.App:
    """The whole CDK application. cdk-nag checks it when it is synthesised."""
    # While Chalice packages, it asks botocore for a region, and botocore reads only AWS_DEFAULT_REGION.
    os.environ["AWS_DEFAULT_REGION"] = _region()
    app = cdk.App(outdir=str(output))
    options = StackOptions.from_context(app.node.try_get_context)
    stack = MoorageStack(
        app,
        options,
        source=stage_package_source(ROOT, BUILD),
        web=stage_web_package(ROOT, WEB_BUILD),
        opinion=stage_opinion_package(ROOT, OPINION_BUILD) if options.asks_twice else None,
        environment=cdk.Environment(account=os.environ.get("CDK_DEFAULT_ACCOUNT"), region=_region()),
    )
    acknowledge(stack)
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    return app


def _region() -> str:
    region = next(
        (
            os.environ[name]
            for name in ("CDK_DEFAULT_REGION", "AWS_REGION", "AWS_DEFAULT_REGION")
            if os.environ.get(name)
        ),
        None,
    )
    if region is None:
        raise InvalidOption("region", None, "AWS_REGION in the environment, or a region in your AWS profile")
    return region


def main() -> int:
    """Synthesise the stack. Returns 0, or 2 if an option is invalid or the package is incomplete."""
    output = Path(os.environ.get("CDK_OUTDIR", ROOT / "cdk.out")).absolute()
    # Chalice's construct leaves intermediate files in the working directory, so run it in a temporary one.
    with tempfile.TemporaryDirectory(prefix="moorage-synth-") as scratch:
        os.chdir(scratch)
        try:
            build_app(output).synth()
        except (InvalidOption, IncompletePackage) as error:
            print(error, file=sys.stderr)
            return 2
        finally:
            os.chdir(ROOT)
    return 0


if __name__ == "__main__":
    sys.exit(main())
