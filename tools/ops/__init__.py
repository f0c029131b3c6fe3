"""What an operator does when an alarm was raised: dead letters, and replays from the bus's archive."""
