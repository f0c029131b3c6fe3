"""Archives: what is in them, and where their own directories disagree with what they hold."""
