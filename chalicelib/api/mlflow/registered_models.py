"""MLflow's registered models."""
