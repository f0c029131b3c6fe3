"""Pull an artifact with oras, credentials from ORAS_USER and ORAS_PASS. Prints tags and digests as JSON."""

import json
import sys

from digests import digests
from oras.client import OrasClient

host, name, tag, directory = sys.argv[1:]
client = OrasClient(hostname=host, insecure=True, auth_backend="basic")
client.pull(target=f"{host}/{name}:{tag}", outdir=directory)
print(json.dumps({"files": digests(directory), "tags": client.get_tags(f"{host}/{name}")}))
