"""Why a deployment does not begin. It stands alone, because what only asks for this must not load the CDK."""


class IncompletePackage(Exception):
    """What is to be deployed is incomplete. The message says what is missing and what to do."""
