"""An advisory appears, blocks a promotion, and a statement of somebody independent lifts it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from moorage import Client, ConflictError, ForbiddenError, Grant

from infra.workload import KEEPER
from tests.e2e.stack import Stack, eventually

SCHEME: dict[str, Any] = {
    "initial": "development",
    "archive": "archived",
    "stages": [{"name": "development"}, {"name": "production", "exclusive": True}, {"name": "archived"}],
    "transitions": [
        {
            "from": "development",
            "to": "production",
            "gates": [
                {"name": "known", "kind": "vulnerabilities", "max_severity": "medium", "max_age_days": 7}
                | {"if_no_data": "pass", "unpinned": "fail"}
            ],
        }
    ],
    "evidence": [{"checks": ["vulnerabilities"], "independent": True}],
}


class Advisories:
    """A directory of OSV documents, which grows."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def publish(self, name: str, package: str, severity: str = "HIGH", alias: str = "") -> None:
        document = {
            "id": name,
            "modified": datetime.now(UTC).isoformat(),
            "aliases": [alias] if alias else [],
            "affected": [
                {
                    "package": {"name": package, "ecosystem": "PyPI"},
                    "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.0"}]}],
                }
            ],
            "database_specific": {"severity": severity},
        }
        (self.directory / f"{name}.json").write_text(json.dumps(document))


@pytest.fixture
def advisories(tmp_path: Path) -> Advisories:
    directory = tmp_path / "advisories"
    directory.mkdir()
    return Advisories(directory)


def token(registry: Client, model: str, name: str, role: str) -> str:
    made = registry.tokens.create(f"{name}-{model}", [Grant(role, model)], person=f"oidc:okta:{name}")
    assert made.token is not None
    return made.token


def keep(stack: Stack) -> None:
    answer = stack.aws("lambda").invoke(FunctionName=stack.function(KEEPER), Payload=b"{}")
    assert "FunctionError" not in answer, answer["Payload"].read()


def test_an_advisory_blocks_a_promotion_until_somebody_independent_lifts_it(
    stack: Stack, tmp_path: Path, advisories: Advisories
) -> None:
    model = stack.fresh_name("vulnerable")
    package, harmless, cve = f"{model}-lib", f"{model}-other", f"CVE-{model}"
    file = tmp_path / "model.bin"
    file.write_bytes(b"weights")
    needs = {"runtime": {"requirements": [f"{package}==1.4.0", f"{harmless}==1.0"]}}
    with Client(stack.url, stack.token) as registry:
        registry.schemes.save(model, SCHEME)
        registry.models.create(model)
        registry.schemes.assign(model, model)
        with (
            Client(stack.url, token(registry, model, "author", "maintainer")) as author,
            Client(stack.url, token(registry, model, "security", "contributor")) as security,
        ):
            author.register(model, files=[file], provenance=needs)
            author.aliases.set(model, "candidate", 1)
            vulnerabilities = registry.vulnerabilities

            # The advisory appears. The keeper matches what is in use, which the alias makes this version.
            advisories.publish(f"GHSA-{model}", package, alias=cve)
            vulnerabilities.update(str(advisories.directory))

            def matched() -> bool:
                keep(stack)
                return bool(vulnerabilities.get(model, 1).vulnerabilities)

            eventually(matched, "matching the version in use")
            with pytest.raises(ConflictError, match=f"GHSA-{model} \\(high\\) by {package} 1.4.0, fixed in 2.0"):
                author.versions.transition(model, 1, "production")

            # Who registered the version does not lift it.
            with pytest.raises(ForbiddenError):
                author.vulnerabilities.state(model, 1, cve, "not_affected", justification="code_not_reachable")
            stated = security.vulnerabilities.state(model, 1, cve, "not_affected", justification="code_not_reachable")
            assert stated.vulnerabilities[0].lifted
            author.versions.transition(model, 1, "production")

            # A version that arrives later is matched by itself, and blocked by an advisory on another package.
            advisories.publish(f"GHSA-{harmless}", harmless, "CRITICAL")
            vulnerabilities.update(str(advisories.directory))
            author.register(model, files=[file], provenance=needs)
            eventually(lambda: vulnerabilities.get(model, 2).matched_at is not None, "matching on arrival")
            with pytest.raises(ConflictError, match="critical"):
                author.versions.transition(model, 2, "production")

            # The version in production has it too.
            def affected() -> bool:
                keep(stack)
                found = vulnerabilities.affected(advisory=f"GHSA-{harmless}")
                return [(one.model, one.version) for one in found] == [(model, 1)]

            eventually(affected, "finding what is in use")

            # Withdrawn, it counts against neither any more.
            (advisories.directory / f"GHSA-{harmless}.json").unlink()
            vulnerabilities.update(str(advisories.directory), published_at=datetime.now(UTC))

            def resolved() -> bool:
                keep(stack)
                return [one.id for one in vulnerabilities.get(model, 1).vulnerabilities] == [f"GHSA-{model}"]

            eventually(resolved, "the withdrawal")
            assert [one.id for one in vulnerabilities.match(model, 2).vulnerabilities] == [f"GHSA-{model}"]
        events = [event.type for event in registry.events.list(model, order="oldest")]
        # Other tests bring newer data meanwhile, against which the versions are matched too.
        told = [one.removeprefix("vulnerability.") for one in events if one.startswith("vulnerability.")]
        told = [one for one in told if one != "matched"]
        assert sorted(told[:2]) == ["found", "stated"]
        assert "resolved" in told
