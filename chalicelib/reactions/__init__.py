"""Functions fired by events and schedules, not by HTTP."""
