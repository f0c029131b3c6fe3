"""Items and files that MLflow's clients log."""
