"""Check the registry's signature of every version that is fetched, with a key that does not come with it.

The key is the one that ``MOORAGE_SIGNING_KEY`` names, a file in PEM: then every version must be signed. Without it, the
key that the registry signs with is remembered at first use, and another one is refused from then on.
"""

import json
import logging
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from moorage.cache.locks import FileLock
from moorage.errors import NotFoundError
from moorage.login import login_path
from moorage.manifest import Manifest
from moorage.signatures import Signature
from moorage.signing.bundle import Bundle
from moorage.signing.elliptic import PublicKey
from moorage.signing.errors import SignatureError, UnfitKeyError
from moorage.signing.model_statement import statement_from
from moorage.signing.verification import SigningTrust, verify_bundle

KEY_VARIABLE: Final = "MOORAGE_SIGNING_KEY"
REGISTRY_NAME: Final = "registry"
_FILE: Final = "signing-keys.json"
_LOG: Final = logging.getLogger(__name__)


def keys_path(environment: Mapping[str, str]) -> Path:
    """Where the keys of registries are remembered: ``moorage/signing-keys.json`` beside the saved login."""
    return login_path(environment).with_name(_FILE)


@dataclass(frozen=True, slots=True)
class RegistryKey:
    """Checks versions of the registry at ``url``. ``signature`` gets a version's signature, by model and number."""

    url: str
    signature: Callable[[str, int], Signature]
    environment: Mapping[str, str]

    def check(self, manifest: Manifest) -> None:
        """Check that the registry signed exactly this version, if it signs or a key is configured.

        A version without a signature is an error if a key is configured, else a warning. Raises SignatureError.
        """
        configured = self._configured()
        if configured is None and not manifest.registry_signs:
            if self.url in _read(keys_path(self.environment)):
                _LOG.warning("%s has signed versions before, and now says that it does not sign", self.url)
            return
        named = f"{manifest.model}/{manifest.version}"
        try:
            signature = self.signature(manifest.model, manifest.version)
        except NotFoundError as error:
            if configured is not None:
                raise SignatureError(
                    f"the registry has not signed {named}, and {KEY_VARIABLE} demands it; a version is signed seconds "
                    "after it became READY",
                    retryable=True,
                ) from error
            _LOG.warning("the registry signs versions, and has not signed %s", named)
            return
        if configured is not None:
            check_signature(manifest, signature, configured)
        else:
            self._check_remembered(manifest, signature)

    def known(self) -> PublicKey | None:
        """The key that is configured, else the one that is remembered; None if the registry's key is not known here.

        Raises UnfitKeyError, SignatureError.
        """
        configured = self._configured()
        if configured is not None:
            return configured
        remembered = _read(keys_path(self.environment)).get(self.url)
        return None if remembered is None else PublicKey.from_pem(remembered)

    def _configured(self) -> PublicKey | None:
        named = self.environment.get(KEY_VARIABLE)
        if not named:
            return None
        try:
            return PublicKey.from_pem(Path(named).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise UnfitKeyError(f"the key that {KEY_VARIABLE} names cannot be read: {error}") from error

    def _check_remembered(self, manifest: Manifest, signature: Signature) -> None:
        """Check with the key that was seen first. If there is none yet, it is the one that comes with the signature.

        A key is remembered only once its signature verifies.
        """
        path = keys_path(self.environment)
        remembered = _read(path).get(self.url)
        if remembered is None:
            key = PublicKey.from_pem(signature.public_key or "")
            check_signature(manifest, signature, key)
            remembered = _remember(path, self.url, key.pem)
            if remembered == key.pem:
                _LOG.warning("%s signs versions with the key %s, which is remembered in %s", self.url, key.hint, path)
                return
        key = PublicKey.from_pem(remembered)
        if signature.public_key is not None and PublicKey.from_pem(signature.public_key).hint != key.hint:
            raise SignatureError(
                f"the registry signs with another key than before, whose SHA-256 is {key.hint}. Ask its operator. If "
                f"the key was changed on purpose, take the registry's line out of {path}"
            )
        check_signature(manifest, signature, key)


def check_signature(manifest: Manifest, signature: Signature, key: PublicKey) -> None:
    """Check that a signature is the key's and about exactly the version of a manifest. Raises SignatureError."""
    bundle = Bundle.from_document(signature.bundle)
    statement = statement_from(verify_bundle(bundle, SigningTrust(public_key=key.pem)).payload)
    said = statement.version or {}
    named = f"{manifest.model}/{manifest.version}"
    signed = {one.path: one.digest for one in statement.resources}
    stored = {file.path: file.sha256 for file in manifest.files}
    if (said.get("model"), said.get("version")) != (manifest.model, manifest.version):
        raise SignatureError(f"the signature of {named} is about another version")
    whole = all(one.end is None for one in statement.resources)
    if statement.algorithm != "sha256" or not whole or signed != stored:
        raise SignatureError(f"the files of {named} are not those that the registry signed")


def _read(path: Path) -> dict[str, str]:
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise SignatureError(f"{path} is damaged: it should hold the keys of registries by their addresses") from error
    if not isinstance(known, dict) or not all(isinstance(value, str) for value in known.values()):
        raise SignatureError(f"{path} is damaged: it should hold the keys of registries by their addresses")
    return known


def _remember(path: Path, url: str, pem: str) -> str:
    """Add the key of a registry to the file. Answers the key that is there then: another process may have added one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = FileLock(lock_path(path))
    lock.acquire()
    try:
        known = _read(path)
        if url not in known:
            _write(path, {**known, url: pem})
        return known.get(url, pem)
    finally:
        lock.release()


def lock_path(path: Path) -> Path:
    """The file on which a process holds a lock while it changes the remembered keys."""
    return path.with_suffix(".lock")


def _write(path: Path, known: Mapping[str, str]) -> None:
    """Replace the file in one step."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".keys-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(known, file, indent=2)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
