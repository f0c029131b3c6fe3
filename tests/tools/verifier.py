"""Loading the verifier as a module."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

SCRIPT = Path(__file__).parents[2] / "client" / "moorage" / "verify_audit_export.py"


def load_verifier() -> ModuleType:
    specification = importlib.util.spec_from_file_location("verify_audit_export", SCRIPT)
    assert specification is not None and specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    return module
