"""A rematch: going through the models after another index was made current, outside of the ledger."""

from dataclasses import dataclass, replace
from typing import Final

# How often models whose versions could not be matched are gone through again.
MAX_ROUNDS: Final = 5


@dataclass(frozen=True, slots=True)
class Rematch:
    """How far it has come: ``after`` is where the list of models goes on, None at its beginning.

    ``cause`` is the id of the event that began it. ``missed`` is how many versions failed in this round, ``done`` how
    many versions were matched in all.
    """

    ecosystem: str
    cause: str
    after: str | None = None
    missed: int = 0
    rounds: int = 1
    done: int = 0
    correlation_id: str = ""

    def on_from(self, after: str) -> "Rematch":
        """Going on with the next models."""
        return replace(self, after=after)

    def with_done(self) -> "Rematch":
        """After a version was matched."""
        return replace(self, done=self.done + 1)

    def with_missed(self) -> "Rematch":
        """After a version could not be matched."""
        return replace(self, missed=self.missed + 1)

    def again(self) -> "Rematch | None":
        """Beginning anew after all models, if some failed; None if that is the end."""
        if not self.missed or self.rounds >= MAX_ROUNDS:
            return None
        return replace(self, after=None, missed=0, rounds=self.rounds + 1)
