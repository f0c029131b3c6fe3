"""Suggesting the next command after an error, with the arguments of the command that failed."""

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from moorage.cli.references import alias_of
from moorage.errors import ForbiddenError, MoorageError, NotConfiguredError, UnauthenticatedError, UnreachableError
from moorage.login import is_loopback
from moorage.references import Reference

# Words in capitals are placeholders. Of several commands, the first one whose placeholders are all known is shown,
# otherwise the last one.
_NEXT_STEPS: Final[dict[str, tuple[str, ...]]] = {
    "no_project": ("moorage init",),
    "not_the_registry": ("moorage doctor",),
    "model_not_found": ("moorage models list",),
    "version_not_found": ("moorage versions MODEL",),
    "alias_not_found": ("moorage alias list MODEL",),
    "stage_not_found": ("moorage stages MODEL",),
    "file_not_found": ("moorage show MODEL/VERSION",),
    "promotion_rule_not_found": ("moorage models rule MODEL --metric METRIC --to STAGE --at-least NUMBER",),
    "retention_rule_not_found": ("moorage retention set MODEL --archived DAYS",),
    "check_not_found": ("moorage checks list MODEL/VERSION",),
    "evaluation_not_found": ("moorage evaluations list MODEL/VERSION",),
    "token_not_found": ("moorage tokens list",),
    "token_inactive": ("moorage tokens list",),
    "session_not_found": ("moorage sessions list",),
    "role_not_found": ("moorage roles list",),
    "built_in_role": ("moorage roles list",),
    "grant_not_found": ("moorage grants list",),
    "trust_not_found": ("moorage trust list",),
    "webhook_not_found": ("moorage webhooks list",),
    "delivery_not_found": ("moorage webhooks deliveries WEBHOOK",),
    "target_not_found": ("moorage targets list",),
    "deployment_not_found": ("moorage deployments list MODEL",),
    "deployment_refused": ("moorage targets show TARGET",),
    "deployment_closed": ("moorage deployments show MODEL NUMBER", "moorage deployments list MODEL"),
    "schedule_not_found": ("moorage schedules list",),
    "schedule_exists": ("moorage schedules show NAME",),
    "schedule_running": ("moorage schedules show SCHEDULE",),
    "monitor_not_found": ("moorage monitors list MODEL",),
    "card_revision_not_found": ("moorage card history MODEL",),
    "comment_not_found": ("moorage comment list MODEL",),
    "model_exists": ("moorage models show NAME",),
    "model_not_empty": ("moorage versions MODEL",),
    "label_taken": ("moorage versions MODEL",),
    "version_not_ready": ("moorage resume MODEL/VERSION PATHS",),
    "version_expired": ("moorage versions MODEL",),
    "version_held": ("moorage show MODEL/VERSION",),
    "version_gone": ("moorage deleted MODEL",),
    "upload_incomplete": ("moorage resume MODEL/VERSION PATHS",),
    "version_in_use": ("moorage show MODEL/VERSION",),
    "alias_moved": ("moorage alias history MODEL@NAME", "moorage alias history MODEL@challenger"),
    "stage_changed": ("moorage show MODEL/VERSION",),
    "transition_not_allowed": ("moorage stages MODEL",),
    "gates_not_met": (
        "moorage explain MODEL/VERSION STAGE",
        "moorage requests standing MODEL REQUEST",
        "moorage stages MODEL --history STAGE",
        "moorage stages MODEL",
    ),
    "approvals_missing": (
        "moorage requests standing MODEL REQUEST",
        "moorage requests open MODEL/VERSION STAGE",
    ),
    "request_not_found": ("moorage requests list MODEL",),
    "request_exists": ("moorage requests list MODEL --open",),
    "request_closed": ("moorage requests show MODEL REQUEST",),
    "separation_of_duties": ("moorage requests standing MODEL REQUEST", "moorage whoami"),
    "reporter_refused": ("moorage whoami",),
    "scheme_not_found": ("moorage schemes list",),
    "builtin_scheme": ("moorage schemes show SCHEME", "moorage schemes list"),
    "scheme_incompatible": ("moorage stages MODEL",),
    "nothing_to_roll_back": (
        "moorage stages MODEL --history STAGE",
        "moorage alias history MODEL@NAME",
        "moorage stages MODEL",
    ),
    "model_frozen": ("moorage show MODEL",),
    "version_locked": ("moorage show MODEL/VERSION",),
    "scan_pending": ("moorage scan show MODEL/VERSION",),
    "quarantined": ("moorage scan show MODEL/VERSION",),
    "version_quarantined": ("moorage scan show MODEL/VERSION",),
    "not_quarantined": ("moorage scan show MODEL/VERSION",),
}

_NAMES: Final = re.compile(r"MODEL/VERSION|\b[A-Z]{3,}\b")


def next_step(error: MoorageError, given: Mapping[str, Any], url: str | None = None) -> str | None:
    """The command to try next, or None. ``given`` are the arguments of the command that failed."""
    if isinstance(error, UnauthenticatedError):
        commands: tuple[str, ...] = ("moorage login URL",)
    elif isinstance(error, UnreachableError) and url is not None and is_loopback(urlsplit(url).hostname or ""):
        commands = ("make up",)
    elif isinstance(error, NotConfiguredError) and error.code is None:
        commands = ("moorage login URL",)
    elif isinstance(error, UnreachableError):
        commands = ("moorage doctor",)
    else:
        commands = _NEXT_STEPS.get(error.code or "", ("moorage whoami",) if isinstance(error, ForbiddenError) else ())
    if not commands:
        return None
    names = (
        _requests(error) | _names(given) | ({} if url is None else {"URL": url if "://" in url else f"https://{url}"})
    )
    chosen = next((one for one in commands if all(name in names for name in _NAMES.findall(one))), commands[-1])
    return _NAMES.sub(lambda name: names.get(name[0], name[0]), chosen)


def _requests(error: MoorageError) -> dict[str, str]:
    """The transition request that the error names."""
    for fault in error.errors:
        named = re.fullmatch(r"/requests/(\d+)", fault.pointer)
        if named:
            return {"REQUEST": named[1]}
    return {}


def _names(given: Mapping[str, Any]) -> dict[str, str]:
    """The values of the placeholders, quoted for a shell."""
    names = {}
    for name, value in given.items():
        if isinstance(value, Reference):
            names["MODEL"] = shlex.quote(value.model)
            if value.version is not None:
                names["MODEL/VERSION"] = shlex.quote(str(value))
            if isinstance(value.version, str):
                names.setdefault("NAME", shlex.quote(alias_of(value)))
        elif isinstance(value, tuple) and value and all(isinstance(entry, Path) for entry in value):
            names[name.upper()] = shlex.join(str(entry) for entry in value)
        elif isinstance(value, str | int) and not isinstance(value, bool):
            names[name.upper()] = shlex.quote(str(value))
    return names
