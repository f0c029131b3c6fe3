"""What was logged before a version was registered: experiments, runs, logged models. Evidence, outside every ledger."""
