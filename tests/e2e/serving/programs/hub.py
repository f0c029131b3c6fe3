"""Load a snapshot with huggingface_hub, twice, and meet its errors. Prints what was found as JSON."""

import json
import sys

from digests import digests
from huggingface_hub import HfApi, hf_hub_download, snapshot_download
from huggingface_hub.errors import EntryNotFoundError, GatedRepoError, RepositoryNotFoundError, RevisionNotFoundError

repository, revision, closed = sys.argv[1:]


def met(wanted: type[Exception], **asked: str) -> bool:
    try:
        hf_hub_download(**asked)
    except wanted as error:
        # The error for a gated repository is also one for a repository that is not found.
        return type(error) is not GatedRepoError or wanted is GatedRepoError
    return False


first = snapshot_download(repository, revision=revision)
second = snapshot_download(repository, revision=revision)
sha = HfApi().model_info(repository, revision=revision).sha
pinned = hf_hub_download(repository, "config.json", revision=sha)
file = {"filename": "config.json", "revision": revision}
print(
    json.dumps(
        {
            "files": digests(first),
            "same": first == second,
            "pinned": pinned.startswith(first) and sha in first,
            "sizes": {
                one.rfilename: one.size
                for one in HfApi().model_info(repository, revision=revision, files_metadata=True).siblings
            },
            "listed": HfApi().list_repo_files(repository, revision=revision),
            "errors": [
                met(EntryNotFoundError, repo_id=repository, **{**file, "filename": "absent.bin"}),
                met(RevisionNotFoundError, repo_id=repository, **{**file, "revision": "nobody"}),
                met(RepositoryNotFoundError, repo_id="moorage/nothing-like-it", **file),
                met(RepositoryNotFoundError, repo_id=closed, **file),
            ],
        }
    )
)
