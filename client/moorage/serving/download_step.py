"""The step of an image's build that downloads the model's files: ``python -m moorage.serving.download_step``.

It stands on the standard library, so that it runs before anything is installed.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from moorage.errors import MoorageError
from moorage.login import URL_VARIABLE, Login, clean_url, read_token
from moorage.serving.bundle import NAME, Bundle
from moorage.serving.registry import Registry


def main(words: Sequence[str] | None = None) -> int:
    """Download every file of a package. Returns 1, with the reason on stderr, if one is not what was registered."""
    parser = argparse.ArgumentParser(prog="python -m moorage.serving.download_step", description=__doc__)
    parser.add_argument("--package", type=Path, default=Path(), help="the directory of package.json")
    parser.add_argument("--token-file", type=Path, required=True, help="the file that holds the registry's token")
    given = parser.parse_args(words)
    url = os.environ.get(URL_VARIABLE)
    if not url:
        parser.error(f"set {URL_VARIABLE} to the registry's address")
    try:
        login = Login(clean_url(url), read_token(given.token_file))
        Registry(login).download(Bundle.read(given.package / NAME), given.package / "model")
    except (MoorageError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
