"""Check requests against what products say of their interfaces: GitHub's OpenAPI description, Microsoft's cards."""

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

from tests.docs_blocks import ROOT

PRODUCTS = ROOT / ".local" / "products"


@dataclass(frozen=True)
class ReadCard:
    """A card as Microsoft's library reads it: what it objects to, the texts, and what the buttons open."""

    objections: list[str]
    texts: list[str]
    opened: list[str]


def check_github(path: str, document: object) -> None:
    """Refuse a POST to ``path``, below the API, that GitHub does not describe: AssertionError, ValidationError."""
    described = _github()
    operations = [
        operation["post"]
        for template, operation in described["paths"].items()
        if re.fullmatch(re.sub(r"\\\{[a-z_]+\\\}", "[^/]+", re.escape(template)), path)
    ]
    assert len(operations) == 1, f"GitHub has no such address: {path}"
    schema = operations[0]["requestBody"]["content"]["application/json"]["schema"]
    closed = {**schema, "additionalProperties": False, "components": described["components"]}
    jsonschema.Draft202012Validator(closed).validate(document)


def read_card(card: object) -> ReadCard:
    """Read an adaptive card of version 1.4."""
    program = Path(__file__).with_name("read_card.cjs")
    node = Path(sys.executable).with_name("node")
    done = subprocess.run(
        [str(node), str(program), str(_installed())],
        input=json.dumps(card),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return ReadCard(**json.loads(done.stdout))


@cache
def _github() -> Any:
    return json.loads((_installed() / "github.json").read_text())


def _installed() -> Path:
    assert (PRODUCTS / "github.json").exists(), f"{PRODUCTS} is missing: run make products"
    return PRODUCTS
