"""Signatures on the deployed stack: by a key in KMS, by a signer that is trusted, and refused when bytes differ."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from moorage import Client, ConflictError, SignatureError, SigningTrust, sign_folder, verify_folder
from moorage.signing.registry_key import KEY_VARIABLE

from chalicelib.aws import names
from infra.workload import SIGNER
from tests.e2e.stack import Stack


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    (folder / "data").mkdir(parents=True)
    (folder / "model.bin").write_bytes(b"weights" * 1000)
    (folder / "data" / "classes.json").write_bytes(b'["a", "b"]')
    return folder


@contextmanager
def signing_with_kms(stack: Stack) -> Iterator[str]:
    """The function that signs, told of a key in KMS and let use it as ``model_signing=kms`` does. Yields its name."""
    key = stack.aws("kms").create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
    functions, name = stack.aws("lambda"), stack.function(SIGNER)
    configured = functions.get_function_configuration(FunctionName=name)
    iam, role = stack.aws("iam"), {"RoleName": configured["Role"].rpartition("/")[2], "PolicyName": "key"}
    allowed = {"Effect": "Allow", "Action": ["kms:Sign", "kms:GetPublicKey"], "Resource": key}
    policy = {"Version": "2012-10-17", "Statement": [allowed]}
    iam.put_role_policy(**role, PolicyDocument=json.dumps(policy))
    variables = configured["Environment"]["Variables"]
    chosen = {names.MODEL_SIGNING_VARIABLE: names.SIGN_WITH_KMS, names.MODEL_SIGNING_KEY_VARIABLE: key}
    functions.update_function_configuration(FunctionName=name, Environment={"Variables": variables | chosen})
    try:
        yield name
    finally:
        functions.update_function_configuration(FunctionName=name, Environment={"Variables": variables})
        iam.delete_role_policy(**role)


def ready_event(stack: Stack, model: str, version: int) -> dict[str, object]:
    with stack.http() as http:
        events = http.get(f"/v1/models/{model}/events", params={"limit": 100}).json()["items"]
    (event,) = [one for one in events if (one["type"], one["version"]) == ("version.ready", version)]
    return dict(event)


def test_a_key_in_kms_signs_what_the_client_then_verifies(
    stack: Stack, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = stack.fresh_name("signed")
    with Client(stack.url, stack.token) as registry, signing_with_kms(stack) as signer:
        number = registry.register(model, folder).number
        event = ready_event(stack, model, number)
        for _ in range(2):
            payload = json.dumps({"detail": event}).encode()
            answer = stack.aws("lambda").invoke(FunctionName=signer, Payload=payload)
            assert "FunctionError" not in answer, answer["Payload"].read()
        signature = registry.signatures.get(model, number)
        assert (signature.counts, signature.signed_with) == (True, "key")
        public_key = tmp_path / "registry.pub"
        public_key.write_text(signature.public_key or "")
        monkeypatch.setenv(KEY_VARIABLE, str(public_key))
        registry.download(model, number, tmp_path / "out")
        bundle = signature.save(tmp_path / "registry.sig")
        trust = SigningTrust(public_key=public_key.read_text())
        verify_folder(tmp_path / "out", bundle, trust)
        (tmp_path / "out" / "model.bin").write_bytes(b"other")
        with pytest.raises(SignatureError, match=r"model\.bin has other bytes"):
            verify_folder(tmp_path / "out", bundle, trust)
        (folder / "model.bin").write_bytes(b"not signed")
        unsigned = registry.register(model, folder).number
        with pytest.raises(SignatureError, match="has not signed"):
            registry.download(model, unsigned, tmp_path / "unsigned")


def test_a_version_moves_once_a_trusted_signer_has_signed_it(stack: Stack, folder: Path, tmp_path: Path) -> None:
    model, signer, scheme = (stack.fresh_name(what) for what in ("gated", "ci", "signed"))
    key = ec.generate_private_key(ec.SECP384R1())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    signature = sign_folder(folder, private, tmp_path / "model.sig")
    with Client(stack.url, stack.token) as registry:
        registry.schemes.save(
            scheme,
            {
                "initial": "draft",
                "archive": "gone",
                "stages": [{"name": "draft"}, {"name": "live"}, {"name": "gone"}],
                "transitions": [
                    {
                        "from": "draft",
                        "to": "live",
                        "execution": "manual",
                        "gates": [{"name": "signed", "kind": "signature", "signers": [signer]}],
                    },
                    {"from": ["draft", "live"], "to": "gone"},
                ],
            },
        )
        registry.models.create(model)
        registry.schemes.assign(model, scheme)
        registry.register(model, folder)
        with pytest.raises(ConflictError, match="no trusted signer"):
            registry.signatures.bring(model, 1, "build", signature)
        registry.signers.save(signer, public_key=public)
        registry.signatures.bring(model, 1, "build", signature)
        registry.signers.delete(signer)
        with pytest.raises(ConflictError, match="trusted no longer"):
            registry.versions.transition(model, 1, "live")
        registry.signers.save(signer, public_key=public)
        assert registry.versions.transition(model, 1, "live").stage == "live"
        registry.signers.delete(signer)
