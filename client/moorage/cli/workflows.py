"""The files that `moorage init` writes: the project file, and CI workflows that register what a job has trained."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_PROJECT: Final = """\
# The moorage command reads this file here and in all directories below.
url = {url}
# '.' stands for this model: moorage versions .
model = {model}

# Defaults of 'moorage register'.
# framework = "xgboost=2.1"
# task = "tabular-classification"
# Files that 'moorage register' leaves out, as .gitignore names them.
# ignore = ["*.log"]
[tags]
{tags}"""

_GITHUB: Final = """\
# Registers the model when a tag such as v1.4.0 is pushed. Written by 'moorage init'.
# No secret is stored: GitHub gives the job a token, which the registry trusts.
name: moorage
on:
  push:
    tags: ["v*"]
permissions:
  contents: read
  id-token: write
jobs:
  register:
    runs-on: ubuntu-latest
    env:
      MOORAGE_URL: {url}
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: pip install moorage
      # Put here what writes the files of your model into build/model.
      - run: python train.py
      - run: moorage register . build/model --label "${{GITHUB_REF_NAME#v}}" --idempotency-key "github-$GITHUB_RUN_ID"
"""

_GITLAB: Final = """\
# Registers the model when a tag such as v1.4.0 is pushed. Written by 'moorage init'.
# No secret is stored: GitLab gives the job a token, which the registry trusts.
# Add to .gitlab-ci.yml:  include: [{{local: {path}}}]
register-model:
  image: python:3.12
  rules:
    - if: $CI_COMMIT_TAG =~ /^v/
  variables:
    MOORAGE_URL: {url}
  id_tokens:
    MOORAGE_TOKEN:
      aud: moorage
  script:
    - pip install moorage
    # Put here what writes the files of your model into build/model.
    - python train.py
    - moorage register . build/model --label "${{CI_COMMIT_TAG#v}}" --idempotency-key "gitlab-$CI_JOB_ID"
"""

_PATHS: Final = {"github": ".github/workflows/moorage.yml", "gitlab": ".gitlab/moorage.yml"}
_ISSUERS: Final = {"github": "https://token.actions.githubusercontent.com", "gitlab": "https://gitlab.com"}


@dataclass(frozen=True, slots=True)
class Workflow:
    """A file for a CI system, and the command by which an administrator lets its jobs in."""

    path: str
    text: str
    trust: str


def project_file(url: str, model: str, tags: Mapping[str, str]) -> str:
    """The text of ``moorage.toml``."""
    lines = (f"{_quoted(name)} = {_quoted(value)}\n" for name, value in tags.items())
    return _PROJECT.format(url=_quoted(url), model=_quoted(model), tags="".join(lines))


def workflow(system: str, url: str, model: str, repository: str) -> Workflow:
    """The workflow for ``github`` or ``gitlab``. ``repository`` is ``OWNER/NAME`` there."""
    template, path = (_GITHUB if system == "github" else _GITLAB), _PATHS[system]
    claim = f"sub=repo:{repository}:ref:refs/tags/v*" if system == "github" else f"project_path={repository}"
    trust = [
        *("moorage", "trust", "oidc", f"{system}-{repository.rpartition('/')[2]}".lower()),
        *("--issuer", _ISSUERS[system], "--audience", "moorage", "--condition", claim),
        *(() if system == "github" else ("--condition", "ref_protected=true")),
        *("--grant", f"contributor={model}"),
    ]
    return Workflow(path, template.format(url=_quoted(url), path=path), shlex.join(trust))


def _quoted(text: str) -> str:
    # The strings of JSON are strings of TOML and YAML too.
    return json.dumps(text, ensure_ascii=False)
