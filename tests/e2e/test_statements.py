"""Moves that the deployed function states with a key in KMS, verified with the registry and from files alone."""

import json
from pathlib import Path

import pytest
from moorage import Client, IntegrityError, prove_folder

from chalicelib.domain.ledger import event_types
from tests.e2e.stack import Stack
from tests.e2e.test_signing import signing_with_kms

SIGNED = event_types.SIGNER_EVENTS


def test_a_promotion_is_proven_with_the_registry_and_without_it(stack: Stack, tmp_path: Path) -> None:
    model, folder = stack.fresh_name("stated"), tmp_path / "model"
    folder.mkdir()
    (folder / "model.bin").write_bytes(b"weights" * 1000)
    with Client(stack.url, stack.token) as registry, signing_with_kms(stack) as signer:
        registry.register(model, folder)
        registry.aliases.protect(model, "champion")
        registry.aliases.set(model, "champion", 1, reason="better")
        for event in [one.document for one in registry.events.list(model) if one.type in SIGNED]:
            for _ in range(2):
                answer = stack.aws("lambda").invoke(FunctionName=signer, Payload=json.dumps({"detail": event}).encode())
                assert "FunctionError" not in answer, answer["Payload"].read()
        (listed,) = registry.statements.list(model, 1)
        stated = registry.statements.get(model, "@champion", listed.sequence)
        key = stated.public_key
        proof = registry.verify(f"{model}@champion", folder, keys=[key])
        assert {claim.about for claim in proof.not_proven} <= {"anchor"} and not proof.contradictions
        statement, signature = stated.save(tmp_path / "promotion.json"), tmp_path / "model.sig"
        registry.signatures.get(model, 1).save(signature)
        registry.export_audit(tmp_path / "audit", models=[model])
    given = {"signature": signature, "statement": statement, "export": tmp_path / "audit"}
    found = prove_folder(folder, [key], **given)
    assert {claim.about for claim in found.not_proven} <= {"anchor"} and not found.contradictions
    (folder / "model.bin").write_bytes(b"other")
    with pytest.raises(IntegrityError, match="was changed, added or taken away"):
        prove_folder(folder, [key], **given).check()
