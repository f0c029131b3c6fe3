"""A model whose only version would run a shell, needs a vulnerable package, and is signed by a key that is trusted."""

import base64
import json
import os
import pickle
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from moorage import Client, sign_folder

from tests.e2e.stack import Stack, scanned

SIGNATURE: Final = "build"
ATTESTATION: Final = "slsa"
FILE: Final = "model.pkl"


class Shell:
    """Pickled, it is a call of a shell. No test unpickles it."""

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.system, ("echo taken over",)


@dataclass(frozen=True)
class Danger:
    """``model`` has version 1 in quarantine. ``advisory`` is known of its ``package``; ``signer`` signed the files."""

    model: str
    package: str
    advisory: str
    signer: str


def set_danger(stack: Stack) -> Danger:
    """Register the model with the rights of the administrator, and wait for its scan."""
    model = stack.fresh_name("danger")
    made = Danger(model, f"{model}-lib", f"GHSA-{model}", stack.fresh_name("builder"))
    with Client(stack.url, stack.token) as client, stack.http() as http, TemporaryDirectory() as directory:
        folder = Path(directory, "model")
        folder.mkdir()
        (folder / FILE).write_bytes(pickle.dumps(Shell()))
        (folder / "config.json").write_text('{"layers": 3}')
        client.vulnerabilities.update(str(_advisories(made, Path(directory))))
        requirements = [f"{made.package}==1.4.0", "numpy>=2"]
        client.register(model, folder, provenance={"runtime": {"requirements": requirements}})
        private, public = key_pair()
        client.signers.save(made.signer, public_key=public, description="The build system.")
        client.signatures.bring(model, 1, SIGNATURE, sign_folder(folder, private, Path(directory, "model.sig")))
        files = client.versions.files(model, 1)
        subjects = [{"name": file.path, "digest": {"sha256": file.sha256}} for file in files]
        recorded = http.put(
            f"/v1/models/{model}/versions/1/attestations/{ATTESTATION}", json=_unsigned_provenance(subjects)
        )
        assert recorded.status_code == 200, recorded.text
        client.vulnerabilities.match(model, 1)
        scanned(http, model, 1)
    return made


def key_pair() -> tuple[str, str]:
    """A private and a public key in PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return private, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _advisories(made: Danger, directory: Path) -> Path:
    """A directory with the only advisory."""
    advisories = directory / "advisories"
    advisories.mkdir()
    document = {
        "id": made.advisory,
        "modified": datetime.now(UTC).isoformat(),
        "affected": [
            {
                "package": {"name": made.package, "ecosystem": "PyPI"},
                "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.0"}]}],
            }
        ],
        "database_specific": {"severity": "CRITICAL"},
    }
    (advisories / "advisory.json").write_text(json.dumps(document))
    return advisories


def _unsigned_provenance(subjects: list[dict[str, Any]]) -> dict[str, Any]:
    """SLSA provenance in an envelope whose signature nobody can verify."""
    source = "git+https://github.com/acme/scoring"
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": subjects,
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {
            "buildDefinition": {
                "buildType": "https://ci.acme.example/train/v1",
                "externalParameters": {"source": source},
                "resolvedDependencies": [{"uri": source, "digest": {"gitCommit": "9f2c1e7a" * 5}}],
            },
            "runDetails": {"builder": {"id": "https://ci.acme.example/runners/1"}},
        },
    }
    return {
        "payloadType": "application/vnd.in-toto+json",
        "payload": base64.b64encode(json.dumps(statement).encode()).decode(),
        "signatures": [{"keyid": "ci", "sig": base64.b64encode(b"nobody").decode()}],
    }
