"""The statistics beside those of other libraries. ``make oracles`` runs this in environments of its own."""
