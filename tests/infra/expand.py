"""Prints a template as CloudFormation deploys it: with its SAM resources expanded.

AWS expands them with the same package, after the synthesis. It pins another pydantic than the Lambda package, so it is
installed with MiniStack, and this program runs with MiniStack's Python: ``python expand.py TEMPLATE``.
"""

import json
import sys
from pathlib import Path
from types import SimpleNamespace

from samtranslator.translator.transform import transform

# The stack names no managed policy that SAM would have to look up.
NO_MANAGED_POLICIES = SimpleNamespace(load=dict)

if __name__ == "__main__":
    template = json.loads(Path(sys.argv[1]).read_text())
    print(json.dumps(transform(template, {}, NO_MANAGED_POLICIES)))
