"""What ``Client.log`` records of a model's making by itself."""
