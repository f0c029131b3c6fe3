"""Download an address as KServe's storage initializer does. Prints the digests of the files as JSON."""

import json
import sys

from digests import digests
from kserve_storage import Storage

uri, directory = sys.argv[1:]
Storage.download(uri, directory)
print(json.dumps(digests(directory)))
