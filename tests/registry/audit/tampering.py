"""Every kind of tampering, made by writing to the table past the registry: what docs/audit.md lists.

The same rows are made on simulated AWS and through the emulator's endpoints, so they use AWS's client and nothing of
the registry.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from moorage import Client, Grant

Item = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Stored:
    """The table and the bucket, as whoever has their rights sees them. ``model`` is the model that is tampered with."""

    dynamodb: Any
    s3: Any
    table: str
    bucket: str
    model: str
    token: str

    def key(self, sort: str, partition: str | None = None) -> Item:
        return {"PK": {"S": partition or f"MODEL#{self.model}"}, "SK": {"S": sort}}

    def item(self, sort: str, partition: str | None = None) -> Item:
        item: Item = self.dynamodb.get_item(TableName=self.table, Key=self.key(sort, partition), ConsistentRead=True)[
            "Item"
        ]
        return item

    def put(self, item: Item) -> None:
        self.dynamodb.put_item(TableName=self.table, Item=item)

    def remove(self, sort: str) -> None:
        self.dynamodb.delete_item(TableName=self.table, Key=self.key(sort))

    def edit(self, sort: str, change: Callable[[Any], None], partition: str | None = None) -> None:
        """Change the document of an item."""
        item = self.item(sort, partition)
        document = json.loads(item["body"]["S"])
        change(document)
        self.put({**item, "body": {"S": json.dumps(document)}})

    def everything(self) -> list[Item]:
        """All items of the model, and of the registry itself."""
        pages = self.dynamodb.get_paginator("query")
        return [
            item
            for partition in (f"MODEL#{self.model}", "REGISTRY")
            for page in pages.paginate(
                TableName=self.table,
                KeyConditionExpression="PK = :p",
                ExpressionAttributeValues={":p": {"S": partition}},
                ConsistentRead=True,
            )
            for item in page["Items"]
        ]

    def restore(self, before: list[Item]) -> None:
        """Make all items again what they were."""
        kept = {(item["PK"]["S"], item["SK"]["S"]): item for item in before}
        for item in self.everything():
            key = (item["PK"]["S"], item["SK"]["S"])
            if key not in kept:
                self.dynamodb.delete_item(TableName=self.table, Key={"PK": item["PK"], "SK": item["SK"]})
            elif kept.pop(key) != item:
                self.put(next(one for one in before if (one["PK"]["S"], one["SK"]["S"]) == key))
        for item in kept.values():
            self.put(item)

    def sort_of(self, prefix: str) -> str:
        """The sort key of the first item that begins so."""
        found = self.dynamodb.query(
            TableName=self.table,
            KeyConditionExpression="PK = :p AND begins_with(SK, :s)",
            ExpressionAttributeValues={":p": {"S": f"MODEL#{self.model}"}, ":s": {"S": prefix}},
            Limit=1,
        )["Items"]
        return str(found[0]["SK"]["S"])


@dataclass(frozen=True)
class Tampering:
    """What is done, and the place and the field by which it is named. ``ledger`` is None for the model's own."""

    act: Callable[[Stored], None]
    place: str
    field: str | None = None
    registry: bool = False


def arrange(client: Client, model: str, directory: Path) -> str:
    """A model with something of every kind that can be tampered with; the id of a token that may read."""
    directory.mkdir(parents=True, exist_ok=True)
    client.models.create(model, description="Scores transactions")
    for content, auc in ((b"first", 0.8), (b"second", 0.9)):
        (directory / "model.bin").write_bytes(content)
        client.register(model, directory, metrics={"auc": auc}, label=f"{1 if auc < 0.9 else 2}.0.0")
    client.checks.report(model, 2, "scan", False)
    client.evaluations.record(model, 2, "holdout", {"auc": 0.7})
    client.evidence_files.attach(model, 2, directory / "model.bin", name="roc.png")
    client.cards.update(model, {"intended_use": "Ranking"}, {})
    client.comments.add(model, "Do not use in production")
    client.aliases.set(model, "champion", 1)
    client.versions.transition(model, 1, "staging")
    client.lifecycle.freeze(model, "audit")
    token: str = client.tokens.create(f"reader of {model}", [Grant("viewer", model)]).id
    return token


def remove_bytes(stored: Stored, model: str, number: int) -> None:
    """Delete every object of a version for good."""
    version = stored.item(f"VERSION#{number:09d}", f"MODEL#{model}")
    prefix = f"artifacts/{json.loads(version['body']['S'])['uid']}/"
    for one in stored.s3.list_object_versions(Bucket=stored.bucket, Prefix=prefix)["Versions"]:
        stored.s3.delete_object(Bucket=stored.bucket, Key=one["Key"], VersionId=one["VersionId"])


def _set(attribute: str, value: str) -> Callable[[Stored], None]:
    def act(stored: Stored) -> None:
        stored.put({**stored.item("VERSION#000000002"), attribute: {"S": value}})

    return act


def _document(sort: str, **values: Any) -> Callable[[Stored], None]:
    return lambda stored: stored.edit(sort, lambda document: document.update(values))


def _backdoor(stored: Stored) -> None:
    """Other bytes under the version's key, and a manifest that is true of them."""
    version = json.loads(stored.item("VERSION#000000002")["body"]["S"])
    item = stored.item("MANIFEST#000000002")
    (file,) = json.loads(item["files"]["S"])
    content = b"back door"
    put = stored.s3.put_object(
        Bucket=stored.bucket,
        Key=f"artifacts/{version['uid']}/{file['path']}",
        Body=content,
        ChecksumAlgorithm="SHA256",
    )
    forged = {
        **file,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "s3_version": put["VersionId"],
    }
    stored.put({**item, "files": {"S": json.dumps([forged])}})


def _administrator(stored: Stored) -> None:
    grants = [{"role": "admin", "models": "*"}]
    stored.edit(f"TOKEN#{stored.token}", lambda document: document.update(grants=grants), "REGISTRY")


def _secret(stored: Stored) -> None:
    secret = hashlib.sha256(b"mine").hexdigest()
    stored.edit(f"TOKEN#{stored.token}", lambda document: document.update(secret_hash=secret), "REGISTRY")


def _made_up_token(stored: Stored) -> None:
    item = stored.item(f"TOKEN#{stored.token}", "REGISTRY")
    document = {**json.loads(item["body"]["S"]), "id": "eve", "grants": [{"role": "admin", "models": "*"}]}
    stored.put({**item, "SK": {"S": "TOKEN#eve"}, "body": {"S": json.dumps(document)}})


def _made_up_version(stored: Stored) -> None:
    item = stored.item("VERSION#000000002")
    document = {**json.loads(item["body"]["S"]), "number": 3}
    stored.put({**item, "SK": {"S": "VERSION#000000003"}, "body": {"S": json.dumps(document)}})


def _misplaced_version(stored: Stored) -> None:
    stored.put({**stored.item("VERSION#000000002"), "SK": {"S": "VERSION#000000001"}})


def _alias_target(stored: Stored) -> None:
    stored.put({**stored.item("ALIAS#champion"), "number": {"N": "2"}})


def _alias_copy(stored: Stored) -> None:
    stored.put({**stored.item("ALIAS#champion"), "uid": {"S": "0" * 32}})


def _made_up_alias(stored: Stored) -> None:
    item = stored.item("ALIAS#champion")
    stored.put({**item, "SK": {"S": "ALIAS#stable"}, "alias": {"S": "stable"}})


def _history(stored: Stored) -> None:
    stored.edit(stored.sort_of("HISTORY#alias:champion"), lambda document: document.update(actor="token:mallory"))


def _pointer(stored: Stored) -> None:
    stored.edit("META", lambda document: document["aliases"].update(champion=[2, []]))


def _check(stored: Stored) -> None:
    stored.edit("CHECKS#000000002", lambda document: document["scan"].update(passed=True))


def _evaluation(stored: Stored) -> None:
    stored.edit("EVALUATIONS#000000002", lambda document: document["holdout"]["metrics"].update(auc=0.99))


def _recorded_evaluation(stored: Stored) -> None:
    sort = stored.sort_of("EVALUATED#")
    stored.edit(sort, lambda document: document["metrics"].update(auc=0.99))


def _evidence_file(stored: Stored) -> None:
    stored.edit("EVIDENCE_FILES#000000002", lambda document: document["roc.png"].update(s3_version="another"))


def _card(stored: Stored) -> None:
    stored.edit("CARD", lambda document: document["sections"].update(intended_use="Anything"))


def _card_revision(stored: Stored) -> None:
    stored.edit("CARD#000000001", lambda document: document["sections"].update(intended_use="Anything"))


def _comment(stored: Stored) -> None:
    stored.edit(stored.sort_of("COMMENT#"), lambda document: document.update(text="Fine"))


def _unreadable(stored: Stored) -> None:
    stored.put({**stored.item("PROFILE"), "body": {"S": "{"}})


TAMPERING: Final[Mapping[str, Tampering]] = {
    "a metric of a version": Tampering(
        lambda stored: stored.edit("VERSION#000000002", lambda document: document["metrics"].update(auc=0.99)),
        "version/2",
        "description/metrics",
    ),
    "the stage of a version": Tampering(_set("stage", "production"), "version/2", "stage"),
    "the digest of a version": Tampering(_document("VERSION#000000002", digest="0" * 64), "version/2", "digest"),
    "who registered a version": Tampering(
        _document("VERSION#000000002", created_by="token:mallory"), "version/2", "created_by"
    ),
    "a lock that nobody placed": Tampering(
        _document("VERSION#000000002", lock={"reason": "x", "by": "token:eve", "at": "2026-01-01T00:00:00.000Z"}),
        "version/2",
        "lock/by",
    ),
    "a version that nobody registered": Tampering(_made_up_version, "version/3"),
    "a version put in the place of another": Tampering(_misplaced_version, "item/VERSION#000000001"),
    "a version taken away": Tampering(lambda stored: stored.remove("VERSION#000000002"), "version/2"),
    "other bytes with a manifest of their own": Tampering(_backdoor, "manifest/2", "files"),
    "the target of an alias": Tampering(_alias_target, "alias/champion", "version"),
    "the place of the files that an alias serves": Tampering(_alias_copy, "alias/champion", "uid"),
    "an alias that nobody set": Tampering(_made_up_alias, "alias/stable"),
    "an alias taken away": Tampering(lambda stored: stored.remove("ALIAS#champion"), "alias/champion"),
    "where the head says that an alias points": Tampering(_pointer, "model", "aliases/champion/version"),
    "an entry of a history": Tampering(_history, "history/alias:champion", "actor"),
    "a check that passes now": Tampering(_check, "checks/2", "by_name/scan/passed"),
    "an evaluation": Tampering(_evaluation, "evaluations/2", "by_name/holdout/metrics"),
    "an evaluation in the history of its name": Tampering(_recorded_evaluation, "recorded-evaluation/", "evaluation"),
    "the bytes of an evidence file": Tampering(_evidence_file, "evidence_files/2", "by_name/roc.png/s3_version"),
    "the card": Tampering(_card, "card", "sections/intended_use"),
    "an earlier revision of the card": Tampering(_card_revision, "card-revision/1", "sections/intended_use"),
    "a comment": Tampering(_comment, "comment/", "text"),
    "a freeze that is gone": Tampering(_document("META", frozen=None), "model", "frozen/reason"),
    "the risk tier": Tampering(_document("META", tier="high"), "model", "tier"),
    "a label that names another version": Tampering(
        lambda stored: stored.put({**stored.item("LABEL#1.0.0"), "number": {"N": "2"}}), "label/1.0.0", "number"
    ),
    "the description of a model": Tampering(_document("PROFILE", description="Safe"), "profile", "description"),
    "an item that cannot be read": Tampering(_unreadable, "item/PROFILE"),
    "a token made an administrator": Tampering(_administrator, "token/", "grants", registry=True),
    "the secret of a token": Tampering(_secret, "token/", "secret_hash", registry=True),
    "a token that nobody created": Tampering(_made_up_token, "token/eve", registry=True),
}
