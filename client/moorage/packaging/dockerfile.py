"""The Dockerfile of a packaged version."""

import re
from collections.abc import Mapping
from typing import Final

from moorage.errors import PackagingError
from moorage.packaging.environment import Environment
from moorage.serving.bundle import Bundle

_PINNED_BASE: Final = re.compile(r"(?P<name>[^\s@]+)@(?P<digest>sha256:[0-9a-f]{64})")
_COPY: Final = "COPY model ./model"
# The token is in a file while this step runs, and in no layer of the image.
_DOWNLOAD: Final = """\
ARG MOORAGE_URL={url}
RUN --mount=type=secret,id=moorage-token MOORAGE_URL="$MOORAGE_URL" \\
    python -m moorage.serving.download_step --token-file /run/secrets/moorage-token"""
_TEMPLATE: Final = """\
# Serves {version}. 'moorage package' wrote this file: the same version gives the same bytes.
FROM {base}
LABEL {labels}
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PYTHONPATH=/opt/moorage
WORKDIR /opt/moorage
COPY requirements.txt ./
RUN python -m pip install --no-cache-dir --disable-pip-version-check{hashes} -r requirements.txt
COPY moorage ./moorage
COPY package.json ./
{model}
USER 65534:65534
EXPOSE 8080
ENTRYPOINT ["python", "-m", "{module}"]
CMD ["serve"]
"""


def check_base(base: str) -> None:
    """Raise PackagingError unless an image is named by its digest: a tag may be another image tomorrow."""
    if _PINNED_BASE.fullmatch(base) is None:
        raise PackagingError(f"the base image {base!r} is not pinned: name it as NAME@sha256:DIGEST")


def dockerfile(
    bundle: Bundle, environment: Environment, labels: Mapping[str, str], url: str | None, module: str
) -> str:
    """The text of the Dockerfile. With ``url``, the image's build downloads the model's files from that registry.

    ``module`` is the server.
    """
    base = _PINNED_BASE.fullmatch(environment.base)
    of_base = {} if base is None else {"base.name": base["name"], "base.digest": base["digest"]}
    named = {f"org.opencontainers.image.{name}": str(value) for name, value in {**labels, **of_base}.items()}
    named["MOORAGE_DIGEST"] = bundle.digest
    return _TEMPLATE.format(
        version=_one_line(f"{bundle.model}/{bundle.version}"),
        base=environment.base,
        labels=" \\\n      ".join(f"{name}={_quoted(value)}" for name, value in named.items()),
        hashes=" --require-hashes" if environment.requirements.hashed else "",
        module=module,
        model=_COPY if url is None else _DOWNLOAD.format(url=_quoted(url)),
    )


def _quoted(text: str) -> str:
    """A text in double quotes in which Docker replaces nothing."""
    escaped = re.sub(r'(["\\$])', r"\\\1", _one_line(text))
    return f'"{escaped}"'


def _one_line(text: str) -> str:
    return " ".join(text.split())
