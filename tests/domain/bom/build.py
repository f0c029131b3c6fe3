"""A version of which everything is known, and documents of the shape of the specification's examples."""

from typing import Any

from chalicelib.domain.bom.material import Material
from chalicelib.domain.cards.card import Card
from chalicelib.domain.evidence.evaluation import Evaluation, Kind, Slice
from chalicelib.domain.evidence.measure import Measure, MeasuredInterval
from chalicelib.domain.models.model import Model, Profile
from chalicelib.domain.versions.manifest import File
from tests.domain.build import NOW, ready

FILES = (
    File("model.safetensors", 7, "a" * 64),
    File("tokenizer/vocab.json", 2, "b" * 64, uri="s3://elsewhere/vocab.json"),
)
PROVENANCE: dict[str, Any] = {
    "author": "Ada",
    "run": {"id": "r1", "url": "https://tracker.example.com/runs/r1"},
    "source": {"repository": "https://git.example.com/fraud.git", "commit": "c" * 40},
    "datasets": [
        {"name": "s3://lake/clicks", "version": "5", "digest": "sha256:" + "d" * 64},
        {"name": "labels", "digest": "v1-abc"},
    ],
    "runtime": {
        "python": "3.12.4",
        "image": "team/train@sha256:" + "e" * 64,
        "requirements": ["torch==2.9.0", "Scikit_Learn>=1.5", "--no-binary :all:", "numpy[fast]==2.1.0 ; os == 'nt'"],
    },
    "base_models": [
        {"model": "base", "version": 3, "relation": "finetune"},
        {"name": "acme/large", "revision": "main"},
    ],
}
EVALUATIONS = {
    "holdout": Evaluation(
        Kind.OFFLINE,
        {"auc": 0.91},
        (Slice({"sex": "f", "age": 30}, {"auc": 0.9}, measures={"auc": Measure(n=100)}),),
        {"name": "october"},
        NOW,
        NOW,
        "token:ci",
        measures={"auc": Measure(interval=MeasuredInterval(0.89, 0.93, 0.95, "bootstrap"))},
    )
}


def material(card: Card | None = None, files: tuple[File, ...] = FILES, **description: object) -> Material:
    """A READY version of the model fraud, which is based on a model that the reader may see."""
    model, version = ready(Model("fraud"), **description)
    base = Card(fields={"license": "agpl-3.0"})
    return Material(
        model,
        Profile("Finds fraud.", "risk"),
        version,
        files,
        card or Card(),
        EVALUATIONS,
        {"base": base},
    )


def whole(card: Card | None = None) -> Material:
    return material(
        card
        or Card(
            sections={"intended_use": "Card payments only.", "ethical_considerations": "Tell people."},
            fields={"license": "mit", "tags": ["fraud"], "datasets": ["s3://lake/clicks", "more"]},
        ),
        description="The third.",
        label="1.2.0",
        tags={"team": "risk"},
        metrics={"f1": 0.8},
        provenance=PROVENANCE,
        framework={"name": "sklearn", "version": "1.5"},
        signature={"inputs": [{"name": "amount", "type": "double"}, {"name": "n", "type": "double"}]},
        task="tabular-classification",
    )


def of_a_generator() -> dict[str, Any]:
    """A document as a generator of text-to-image models would write it: every field of a model card is given."""
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.7.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.7",
        "serialNumber": "urn:uuid:7d9d3c0a-0f9c-4f8e-9a52-0f3a1f1f6a11",
        "version": 1,
        "components": [
            {
                "bom-ref": "painter",
                "type": "machine-learning-model",
                "name": "painter",
                "description": "Paints what it is told.",
                "licenses": [{"license": {"name": "Painter Licence 2"}}, {"expression": "MIT OR Zlib"}],
                "pedigree": {"ancestors": [{"type": "machine-learning-model", "group": "acme", "name": "brush"}]},
                "tags": ["images"],
                "modelCard": {
                    "modelParameters": {
                        "approach": {"type": "supervised"},
                        "task": "text-to-image",
                        "architectureFamily": "diffusion",
                        "modelArchitecture": "latent diffusion",
                        "datasets": [
                            {
                                "type": "dataset",
                                "name": "Pictures",
                                "contents": {"url": "https://data.example.com/pictures"},
                                "classification": "public",
                            },
                            {"ref": "captions"},
                        ],
                        "inputs": [{"format": "string"}],
                        "outputs": [{"format": "image"}],
                    },
                    "quantitativeAnalysis": {
                        "performanceMetrics": [
                            {
                                "type": "FID",
                                "value": "12.5",
                                "slice": "512x512",
                                "confidenceInterval": {"lowerBound": "12", "upperBound": "13"},
                            }
                        ],
                        "graphics": {"description": "Curves", "collection": [{"name": "FID"}]},
                    },
                    "considerations": {
                        "users": ["Painters", "Researchers,\nalso of other fields"],
                        "useCases": ["Sketches"],
                        "technicalLimitations": ["Hands"],
                        "performanceTradeoffs": ["Larger pictures take longer"],
                        "ethicalConsiderations": [{"name": "Likeness", "mitigationStrategy": "A filter"}],
                        "fairnessAssessments": [
                            {
                                "groupAtRisk": "People in pictures",
                                "benefits": "None",
                                "harms": "Their likeness is used",
                                "mitigationStrategy": "A way out",
                            }
                        ],
                        "environmentalConsiderations": {
                            "energyConsumptions": [
                                {
                                    "activity": "training",
                                    "energyProviders": [
                                        {
                                            "description": "A data centre",
                                            "organization": {"name": "Acme", "address": {"country": "France"}},
                                            "energySource": "nuclear",
                                            "energyProvided": {"value": 0.4, "unit": "kWh"},
                                        }
                                    ],
                                    "activityEnergyCost": {"value": 0.4, "unit": "kWh"},
                                    "co2CostEquivalent": {"value": 0.1, "unit": "tCO2eq"},
                                }
                            ]
                        },
                    },
                    "properties": [{"name": "painter:seed", "value": "7"}],
                },
            },
            {"bom-ref": "captions", "type": "data", "name": "Captions"},
            {"type": "library", "name": "torch", "version": "2.9.0"},
        ],
    }
