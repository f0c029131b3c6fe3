"""The function ``web``: it answers with the files of the interface, and with nothing else. Standard library only."""
