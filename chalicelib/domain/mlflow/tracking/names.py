"""Names for runs and logged models that were created without one."""

from typing import Final

_ADJECTIVES: Final = (
    "able", "amber", "brisk", "calm", "clear", "crisp", "eager", "fair", "fine", "fleet", "fresh", "glad",
    "grand", "keen", "kind", "lively", "lucid", "mellow", "neat", "noble", "placid", "plucky", "quick", "quiet",
    "rapid", "sleek", "smooth", "steady", "still", "sunny", "swift", "tidy",
)  # fmt: skip
_NOUNS: Final = (
    "anchor", "beacon", "berth", "bollard", "breeze", "buoy", "cove", "crane", "current", "dock", "ferry", "gull",
    "harbour", "heron", "jetty", "keel", "lagoon", "mast", "otter", "pier", "plover", "quay", "reef", "rudder",
    "sail", "schooner", "seal", "shore", "skiff", "tern", "tide", "wharf",
)  # fmt: skip


def random_name(run_id: str) -> str:
    """A readable name, made from the digits of a random id."""
    drawn = int(run_id[-8:], 16)
    adjective, drawn = _ADJECTIVES[drawn % len(_ADJECTIVES)], drawn // len(_ADJECTIVES)
    noun, drawn = _NOUNS[drawn % len(_NOUNS)], drawn // len(_NOUNS)
    return f"{adjective}-{noun}-{drawn % 1000}"
