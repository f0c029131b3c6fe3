"""MLflow's terms: its filters, its webhook events, and the sources that its clients register versions from."""
