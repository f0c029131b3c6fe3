"""Say which account and region a deployment goes to, or what is missing: ``python -m tools.account``.

Every target of the Makefile that reaches AWS runs this first. Otherwise, missing credentials would show after a minute
of packaging, as an error of the CDK. People read stderr; stdout has the CDK's name of the environment.
"""

import sys
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError


def main() -> int:
    session: Any = boto3.Session()
    if session.region_name is None:
        print("No AWS region is set. Set AWS_REGION, or a region in your AWS profile.", file=sys.stderr)
        return 1
    try:
        caller = session.client("sts").get_caller_identity()
    except (BotoCoreError, ClientError) as error:
        print(
            f"AWS accepts no credentials of this environment: {error}\n"
            "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run aws sso login.",
            file=sys.stderr,
        )
        return 1
    print(f"Account {caller['Account']}, region {session.region_name}, as {caller['Arn']}", file=sys.stderr)
    print(f"aws://{caller['Account']}/{session.region_name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
