"""How the texts of CDK context become the values of options. Each parser refuses what it cannot use."""

import re
from collections.abc import Callable
from ipaddress import ip_network
from typing import TypeVar

from chalicelib.domain.limits import Limits

T = TypeVar("T")
Parser = Callable[[str, object], T]


class InvalidOption(ValueError):
    """A context value is invalid. The message names the value and says what is accepted."""

    def __init__(self, name: str, value: object, accepted: str) -> None:
        super().__init__(f"CDK context {name}={value!r}: expected {accepted}")


def matching(pattern: str, accepted: str) -> Parser[str]:
    """Texts that match ``pattern`` as a whole."""

    def parse(name: str, value: object) -> str:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise InvalidOption(name, value, accepted)
        return value

    return parse


def one_of(*choices: str) -> Parser[str]:
    return matching("|".join(map(re.escape, choices)), " or ".join(choices))


def truth(name: str, value: object) -> bool:
    return one_of("true", "false")(name, str(value).lower()) == "true"


def whole(lowest: int, highest: int) -> Parser[int]:
    """Whole numbers within bounds, which the command line gives as texts."""

    def parse(name: str, value: object) -> int:
        if not re.fullmatch(r"\d{1,9}", str(value)) or not lowest <= int(str(value)) <= highest:
            raise InvalidOption(name, value, f"a whole number from {lowest} to {highest}")
        return int(str(value))

    return parse


def whole_of(choices: frozenset[int]) -> Parser[int]:
    """One of several whole numbers."""

    def parse(name: str, value: object) -> int:
        if not str(value).isdecimal() or int(str(value)) not in choices:
            raise InvalidOption(name, value, f"one of {sorted(choices)}")
        return int(str(value))

    return parse


def several(pattern: str, accepted: str) -> Parser[tuple[str, ...]]:
    """Texts that match ``pattern``, separated by commas."""
    parse_one = matching(pattern, f"{accepted}, separated by commas")

    def parse(name: str, value: object) -> tuple[str, ...]:
        return tuple(parse_one(name, part) for part in _parts(value))

    return parse


def named(pattern: str, accepted: str) -> Parser[tuple[str, ...]]:
    """Names, separated by commas, each of which may end in ``*``. A ``*`` alone, which names everything, is refused."""
    return several(rf"(?:{pattern})\*?", f"{accepted}, each of which may end in *")


def arn(service: str = "[a-z0-9-]+") -> Parser[str]:
    return matching(rf"arn:[a-z0-9-]+:{service}:\S+", "an ARN" if "[" in service else f"the ARN of {service}")


def networks(name: str, value: object) -> tuple[str, ...]:
    for network in _parts(value):
        try:
            ip_network(network)
        except ValueError as error:
            raise InvalidOption(name, network, "IP networks such as 10.0.0.0/8, separated by commas") from error
    return _parts(value)


def pairs(name: str, value: object) -> tuple[tuple[str, str], ...]:
    """Names with values: ``team=ml,cost-center=42``."""
    found = [part.partition("=") for part in _parts(value)]
    if not all(key and separator for key, separator, _ in found) or len({key for key, _, _ in found}) < len(found):
        raise InvalidOption(name, value, "different keys with values, such as team=ml,cost-center=42")
    return tuple((key, text) for key, _, text in found)


def limits(name: str, value: object) -> str:
    """Bounds to replace: ``daily_models=50,pending_gib=100``."""
    try:
        Limits.parsed(str(value))
    except ValueError as error:
        raise InvalidOption(name, value, f"limits such as daily_models=50,pending_gib=100: {error}") from error
    return str(value)


def _parts(value: object) -> tuple[str, ...]:
    return tuple(part.strip() for part in str(value).split(",") if part.strip())
