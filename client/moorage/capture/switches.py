"""Which facts ``Client.log`` records by itself."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Capture:
    """What ``Client.log`` records by itself. Each can be switched off: ``Capture(author=False)``.

    ``python``: Python's version and the platform. ``requirements``: pinned requirements of what the model imports.
    ``git``: repository, commit and whether there are uncommitted changes, of the working directory. ``author``: the
    identity that git is configured with, else the user's name. ``signature``: inputs and outputs, from the example or
    from a function's annotations. ``run``: the active run of MLflow or Weights & Biases.

    ``example`` stores the first rows of the example as ``example.json``. It is off by default, because rows of data
    often tell of people.
    """

    python: bool = True
    requirements: bool = True
    git: bool = True
    author: bool = True
    signature: bool = True
    run: bool = True
    example: bool = False

    @classmethod
    def nothing(cls) -> Self:
        """Record nothing but what is given."""
        return cls(python=False, requirements=False, git=False, author=False, signature=False, run=False)
