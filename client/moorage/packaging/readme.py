"""README.md of a context: what is served, whether an alias is followed, and how to build and run it."""

from typing import Final

from moorage.serving.bundle import Bundle

_TEMPLATE: Final = """\
# {version}

`moorage package` wrote this directory. An image is built from it that serves {version} on port 8080. `package.json` has
the SHA-256 of each file of the model, and the server checks all of them before it answers.

{follows}

```sh
{commands}
```

Without Docker, `python -m {module}` serves from this directory, in an environment with `requirements.txt`.

Each answer names the version that gave it, in the headers `Moorage-Version` and `Moorage-Digest`.
"""
_BOUND: Final = """\
**It serves this version for good.** It follows no alias and calls no registry. Package another version to serve that
one, or an alias with `--follow`."""
_FOLLOWING: Final = """\
**It follows {alias}.** It answers with {version} at once, then looks at the alias in {url} and takes over
each version that the alias moves to. That needs a token of the registry, and a directory for temporary files. A version
is refused if its bytes are not those that were registered, or if it needs another environment than this one. Then the
version before goes on answering, and `/health` says why."""


def readme(bundle: Bundle, module: str, *, download: bool) -> str:
    """The text of README.md. ``module`` is the server, and ``download`` says that the build fetches the model."""
    version, follow = f"{bundle.model}/{bundle.version}", bundle.follow
    secret = "--secret id=moorage-token,env=MOORAGE_TOKEN " if download else ""
    token = "" if follow is None else "-e MOORAGE_TOKEN "
    return _TEMPLATE.format(
        version=version,
        module=module,
        follows=_BOUND
        if follow is None
        else _FOLLOWING.format(alias=f"{bundle.model}@{follow.alias}", version=version, url=follow.url),
        commands=f"docker build -t served {secret}.\ndocker run -p 8080:8080 {token}served",
    )
