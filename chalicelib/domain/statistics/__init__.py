"""Statistics: intervals, tests, distances between distributions, and fairness, from counts and summaries."""
