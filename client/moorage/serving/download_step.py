"""The step of an image's build that downloads the model's files: ``python -m moorage.serving.download_step``.

It stands on the standard library, so that it runs before anything is installed. The token goes to the registry only,
not to the storage that the registry's answers lead to.
"""

import argparse
import os
import shutil
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Final
from urllib.parse import quote, urlsplit

from moorage.errors import IntegrityError, MoorageError, UnreachableError, UnsafePathError
from moorage.serving.bundle import NAME, Bundle, BundledFile, file_digest

_SECONDS: Final = 60.0


def main(words: Sequence[str] | None = None) -> int:
    """Download every file of a package. Returns 1, with the reason on stderr, if one is not what was registered."""
    parser = argparse.ArgumentParser(prog="python -m moorage.serving.download_step", description=__doc__)
    parser.add_argument("--package", type=Path, default=Path(), help="the directory of package.json")
    parser.add_argument("--token-file", type=Path, required=True, help="the file that holds the registry's token")
    given = parser.parse_args(words)
    url = os.environ.get("MOORAGE_URL")
    if not url:
        parser.error("set MOORAGE_URL to the registry's address")
    try:
        token = given.token_file.read_text(encoding="utf-8").strip()
        download(Bundle.read(given.package / NAME), given.package / "model", url, token)
    except (MoorageError, FileNotFoundError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def download(bundle: Bundle, directory: Path, url: str, token: str) -> None:
    """Have every file of ``bundle`` in ``directory``.

    Raises IntegrityError if the bytes of one are not those that were registered, and UnreachableError if one cannot be
    had.
    """
    opener = urllib.request.build_opener(_WithoutToken)
    directory.mkdir(parents=True, exist_ok=True)
    root = directory.resolve()
    for file in bundle.files:
        target = root / file.path
        if not target.resolve().is_relative_to(root):
            raise UnsafePathError(f"the file path {file.path!r} leads out of {directory}: nothing was written there")
        target.parent.mkdir(parents=True, exist_ok=True)
        _fetch(opener, _address(bundle, file, url), token, target)
        if file_digest(target) != file.sha256:
            target.unlink()
            raise IntegrityError(f"{file.path} does not have the bytes of {bundle.model}/{bundle.version}")


def _address(bundle: Bundle, file: BundledFile, url: str) -> str:
    version = f"{url.rstrip('/')}/v1/models/{quote(bundle.model, safe='')}/versions/{bundle.version}"
    return f"{version}/artifacts/file?path={quote(file.path, safe='')}"


def _fetch(opener: urllib.request.OpenerDirector, address: str, token: str, target: Path) -> None:
    request = urllib.request.Request(address, headers={"Authorization": f"Bearer {token}"})
    try:
        with opener.open(request, timeout=_SECONDS) as answer, target.open("wb") as file:
            shutil.copyfileobj(answer, file, 1 << 20)
    except urllib.error.HTTPError as error:
        raise UnreachableError(f"{urlsplit(address).hostname} refused {target.name} with {error.code}") from error
    except OSError as error:
        raise UnreachableError(f"{target.name} cannot be downloaded: {error}") from error


class _WithoutToken(urllib.request.HTTPRedirectHandler):
    """Follows a redirect without the token."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        following = super().redirect_request(req, fp, code, msg, headers, newurl)
        if following is not None:
            following.remove_header("Authorization")
        return following


if __name__ == "__main__":
    sys.exit(main())
