"""Signers and bundles on simulated AWS."""

from collections.abc import Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from chalicelib.aws import names
from chalicelib.aws.services import Services, reset_services, services
from chalicelib.domain.signing.bundle import Bundle, CertificateMaterial, KeyMaterial, hint_of
from chalicelib.domain.signing.model_statement import payload_for
from chalicelib.domain.signing.signer_decisions import Trusting
from chalicelib.domain.versions.manifest import File
from chalicelib.registry.signing.signatures import ShownSignature, bring_signature
from chalicelib.registry.signing.signers import save_signer
from tests.aws.signing.keys import Issued, private_pem, public_pem, signed
from tests.registry.build import MODEL, file, request


def trusted(registry: Services, name: str, key: EllipticCurvePrivateKey) -> None:
    save_signer(registry, request(), name, Trusting(public_key=public_pem(key)))


def by_key(key: EllipticCurvePrivateKey, files: Sequence[File] = (file(),), hint: str | None = None) -> dict[str, Any]:
    """A bundle about ``files``, by default those of ``build.ready``."""
    envelope = signed(key, payload_for("folder", 1, "d" * 64, files))
    return Bundle(KeyMaterial(hint_of(public_pem(key)) if hint is None else hint), envelope).document()


def by_certificate(chain: Sequence[Issued], files: Sequence[File] = (file(),)) -> dict[str, Any]:
    envelope = signed(chain[0].key, payload_for("folder", 1, "d" * 64, files))
    return Bundle(CertificateMaterial(tuple(one.der for one in chain)), envelope).document()


def brought(registry: Services, bundle: dict[str, Any], name: str = "ci", ref: str = "1") -> ShownSignature:
    return bring_signature(registry, request(), MODEL, ref, name, bundle).result


def signing_with(monkeypatch: Any, registry: Services, key: EllipticCurvePrivateKey) -> Services:
    """The registry, once its operator chose to sign with a key of their own."""
    secret = registry.client("secretsmanager").create_secret(Name="model-signing", SecretString=private_pem(key))
    monkeypatch.setenv(names.MODEL_SIGNING_VARIABLE, names.SIGN_WITH_KEY)
    monkeypatch.setenv(names.MODEL_SIGNING_KEY_VARIABLE, secret["ARN"])
    reset_services()
    return services()
