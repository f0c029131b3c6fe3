"""The read-only part of the Hugging Face Hub's API, for clients that load models from there."""
