"""Models through the SDK and the command line: the classification of their data."""

from moorage import Client

from tests.client.test_cli import Run, run

__all__ = ["run"]


def test_a_model_is_classified_through_the_sdk(client: Client) -> None:
    created = client.models.create("fraud", classification="restricted", personal_data=True)
    assert (created.classification, created.personal_data) == ("restricted", True)
    said = client.models.classify("fraud", "internal", reason="no names any more")
    assert (said.classification, said.personal_data) == ("internal", False)
    assert client.models.classify("fraud", None, reason="a mistake").classification is None
    assert client.models.get("fraud").classification is None


def test_a_model_is_classified_on_the_command_line(run: Run, client: Client) -> None:
    client.models.create("fraud")
    assert (
        "fraud is confidential, personal data"
        in run("models", "classify", "fraud", "confidential", "--personal-data").stdout
    )
    assert "confidential, personal data" in run("models", "show", "fraud").stdout
    assert "must say why" in run("models", "classify", "fraud", "none", code=6).stderr
    assert "unclassified" in run("models", "classify", "fraud", "none", "--reason", "a mistake").stdout
    assert "comes with a classification" in run("models", "classify", "fraud", "none", "--personal-data", code=2).stderr
