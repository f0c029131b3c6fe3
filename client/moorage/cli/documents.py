"""Documents that people write in files: YAML or JSON."""

import json
from pathlib import Path
from typing import Any, Final

import click
import yaml

FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)


def read_document(file: Path) -> Any:
    """The document in a file. JSON can be read as YAML. Raises UsageError if it is neither."""
    try:
        document = yaml.safe_load(file.read_text(encoding="utf-8"))
        json.dumps(document)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{file} is neither YAML nor JSON: {error}") from error
    except TypeError as error:
        # YAML reads an unquoted 2026-01-01 as a date, for example.
        raise click.UsageError(f"{file} has a value that JSON does not have: put it in quotes ({error})") from error
    return document
