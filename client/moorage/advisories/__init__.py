"""Makes an advisory index of what others publish in the OSV format. The registry itself never fetches anything."""
