"""The kinds of targets, registered by the capabilities that know their platforms."""

from typing import Final

from chalicelib.domain.deployments.external import EXTERNAL
from chalicelib.domain.deployments.kinds import Kinds

KINDS: Final = Kinds((EXTERNAL,))
