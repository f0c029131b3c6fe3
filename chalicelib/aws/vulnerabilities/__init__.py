"""Where advisory indexes lie, and how assessments are stored."""
