"""The version of the rules by which files are scanned."""

from typing import Final

# Raise it with every change of a rule or an allow-list: verdicts of an earlier ruleset are then found again.
RULESET: Final = 2
