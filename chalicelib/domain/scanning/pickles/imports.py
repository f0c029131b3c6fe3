"""What a pickle asks to import: allowed, denied, or unknown."""

# The very tables that unpicklers translate with. No public module has them.
from _compat_pickle import IMPORT_MAPPING, NAME_MAPPING
from typing import Final

from chalicelib.domain.scanning.pickles.allowed.table import ALLOWED
from chalicelib.domain.scanning.pickles.denied import is_denied
from chalicelib.domain.scanning.pickles.values import Imported
from chalicelib.domain.scanning.verdict import Verdict

# From this protocol on, unpicklers take names as they stand. Before, they translate those of Python 2.
_NAMES_OF_PYTHON_3: Final = 3


def judge(module: str, name: str, protocol: int) -> tuple[Imported, Verdict]:
    """What importing the pair means: CLEAN if exactly this pair is allowed, UNSAFE if it is denied, else REVIEW."""
    meant = _translated(module, name) if protocol < _NAMES_OF_PYTHON_3 else (module, name)
    path = ".".join(meant)
    entry = ALLOWED.get(meant)
    if entry is not None:
        return Imported(path, entry), Verdict.CLEAN
    denied = is_denied(*meant) or is_denied(module, name) or is_denied(*_translated(module, name))
    return Imported(path, None), Verdict.UNSAFE if denied else Verdict.REVIEW


def is_allowed(module: str, name: str) -> bool:
    """Whether exactly this pair is allowed, as it stands or as unpicklers translate it for protocols before 3."""
    return (module, name) in ALLOWED or _translated(module, name) in ALLOWED


def _translated(module: str, name: str) -> tuple[str, str]:
    if (module, name) in NAME_MAPPING:
        return NAME_MAPPING[(module, name)]
    return IMPORT_MAPPING.get(module, module), name
