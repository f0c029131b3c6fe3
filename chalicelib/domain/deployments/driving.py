"""What a driver is told, and what each of its steps answers.

A driver puts versions into service on one kind of target.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Found(StrEnum):
    """What a step found on the target's platform."""

    WORKING = "working"  # the version is being put into service: step again later
    SERVING = "serving"  # the target serves the version, and only it
    FAILED = "failed"  # it does not and will not: the platform failed, or serves another version again by itself


@dataclass(frozen=True, slots=True)
class Order:
    """A version to put into service on a target.

    ``deployment`` identifies the deployment: 32 hexadecimal digits, the same at every step, for names and tokens on the
    platform. ``uri`` is where the files lie, ``s3://bucket/prefix/``; ``digest`` is that of the manifest. ``config``
    and ``policy`` are the target's, checked when it was saved. ``memo`` is what the steps before this one remembered.
    """

    deployment: str
    model: str
    version: int
    digest: str
    uri: str
    config: Mapping[str, Any]
    policy: Mapping[str, Any]
    memo: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """What one step found and did.

    ``detail`` says it in a sentence, for people. ``memo`` is given to the next step, also after a failure. ``links``
    lead to the platform's own pages, by their titles. ``again_in`` is in how many seconds the next step makes sense
    while the platform is WORKING.
    """

    found: Found
    detail: str
    memo: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    again_in: int = 30
