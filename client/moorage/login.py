"""A registry's address and the token for it, and the file that ``moorage login`` writes.

A saved token is sent only to the registry that it was saved for. A token file, such as that of a CI job's OIDC token,
is read again for every call, because whoever writes it keeps it current.
"""

import ipaddress
import json
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from moorage.errors import NotConfiguredError

URL_VARIABLE: Final = "MOORAGE_URL"
TOKEN_VARIABLE: Final = "MOORAGE_TOKEN"
TOKEN_FILE_VARIABLE: Final = "MOORAGE_TOKEN_FILE"
# GitHub sets it for jobs that may have an OIDC token.
JOB_VARIABLE: Final = "ACTIONS_ID_TOKEN_REQUEST_URL"


@dataclass(frozen=True, slots=True)
class Login:
    """A registry's address and the token for it. The repr leaves the token out.

    ``token_file`` is the file that the token was read from, if there is one. ``renew`` gives a token that is valid now,
    for tokens that others keep current.
    """

    url: str
    token: str = field(repr=False)
    token_file: Path | None = None
    renew: Callable[[], str] | None = field(default=None, repr=False, compare=False)

    def current_token(self) -> str:
        """The token for the next call."""
        return self.token if self.renew is None else self.renew()


def clean_url(url: str) -> str:
    """Remove a trailing slash and ``/v1`` from ``url``. Plain HTTP is accepted for this machine only.

    Raises NotConfiguredError if it is not the address of a registry.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise NotConfiguredError(f"{url!r} is not the address of a registry: an address begins with https://.")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise NotConfiguredError(f"{url!r} would send the token unencrypted: use https://.")
    if parts.query or parts.fragment or parts.username is not None:
        raise NotConfiguredError("The registry's address must have no user, query or fragment.")
    return url.rstrip("/").removesuffix("/v1").rstrip("/")


def login_path(environment: Mapping[str, str]) -> Path:
    """The path of the saved login: ``moorage/login.json`` in the user's configuration directory."""
    configured = environment.get("XDG_CONFIG_HOME")
    root = Path(configured) if configured else Path.home() / ".config"
    return root / "moorage" / "login.json"


def load_login(path: Path) -> Login | None:
    """Read the saved login, None if there is none. Raises NotConfiguredError if it is damaged."""
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
        if "token_file" in saved:
            file = Path(saved["token_file"])
            return Login(url=saved["url"], token=read_token(file), token_file=file, renew=partial(read_token, file))
        return Login(url=saved["url"], token=saved["token"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise NotConfiguredError(f"{path} is damaged: run 'moorage login' again.") from error


def read_token(path: Path) -> str:
    """Read a token from a file. Raises NotConfiguredError if that fails or the file is empty."""
    try:
        token = path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise NotConfiguredError(f"The token file {path} cannot be read: {error}.") from error
    if not token:
        raise NotConfiguredError(f"The token file {path} is empty.")
    return token


def save_login(path: Path, login: Login) -> None:
    """Save ``login`` in a file that only its owner can read. An earlier file is replaced in one step."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # mkstemp creates the file with mode 0600, so that others can never read the token, not even briefly.
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".login-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            kept = {"token": login.token} if login.token_file is None else {"token_file": str(login.token_file)}
            json.dump({"url": login.url, **kept}, file)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def forget_login(path: Path) -> bool:
    """Remove the saved login. Returns False if there was none."""
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Whether ``host`` is this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
