"""The name that the infrastructure takes from here: where logged files are in the bucket."""

from typing import Final

# First path segment of the object keys of logged files. Files of registered versions have another prefix.
LOGGED_PREFIX: Final = "mlflow/"
