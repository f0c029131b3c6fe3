"""Finding the registry's address and the token for it: in arguments, the environment, or a saved login.

``MOORAGE_URL`` and ``MOORAGE_TOKEN`` (or ``MOORAGE_TOKEN_FILE``) take precedence over the file that ``moorage login``
writes, and that over the OIDC token of a GitHub job.
"""

import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from moorage.errors import NotConfiguredError
from moorage.login import (
    JOB_VARIABLE,
    TOKEN_FILE_VARIABLE,
    TOKEN_VARIABLE,
    URL_VARIABLE,
    Login,
    clean_url,
    load_login,
    login_path,
    read_token,
)


def find_login(
    url: str | None = None,
    token: str | None = None,
    environment: Mapping[str, str] | None = None,
    *,
    offline: bool = False,
) -> Login:
    """Find the login to use. Raises NotConfiguredError if there is no address or no token.

    An ``offline`` login has no token, because it is never sent.
    """
    variables = os.environ if environment is None else environment
    url = url or variables.get(URL_VARIABLE) or None
    token = token or variables.get(TOKEN_VARIABLE) or None
    renew: Callable[[], str] | None = None
    if token is None and variables.get(TOKEN_FILE_VARIABLE) and not offline:
        renew = partial(read_token, Path(variables[TOKEN_FILE_VARIABLE]))
        token = renew()
    if url is None or token is None:
        saved = load_login(login_path(variables))
        if url is None and saved is not None:
            url = saved.url
        if token is None and saved is not None and url is not None and saved.url == clean_url(url):
            token, renew = saved.token, saved.renew
    if url is None:
        raise NotConfiguredError(f"No registry is configured: set {URL_VARIABLE} or run 'moorage login URL'.")
    if offline:
        return Login(clean_url(url), "")
    if token is None and variables.get(JOB_VARIABLE):
        # Only jobs of GitHub need it, and its HTTP library.
        from moorage.ci_token import CiToken

        renew = CiToken(variables).current
        token = renew()
    if token is None:
        raise NotConfiguredError(f"No token for {url} is known: set {TOKEN_VARIABLE} or run 'moorage login {url}'.")
    return Login(clean_url(url), token, renew=renew)
