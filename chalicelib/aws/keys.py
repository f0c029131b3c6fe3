"""Every key of the table. No key is written anywhere else."""

from collections.abc import Mapping
from typing import NamedTuple

from chalicelib.aws.names import EVENT_PREFIX, SCAN_RESULT, SCANNED_PREFIX, SORT_KEY, TOKEN_USE_PARTITION
from chalicelib.domain.canonical import sha256_hex
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.events import REGISTRY_LEDGER
from chalicelib.domain.search import sort_keys

# The partition of what belongs to no model.
REGISTRY = "REGISTRY"
TOKEN_PREFIX = "TOKEN#"
ROLE_PREFIX = "ROLE#"
GRANTS_PREFIX = "GRANTS#"
TRUST_PREFIX = "TRUST#"
WEBHOOK_PREFIX = "WEBHOOK#"
SCHEDULE_PREFIX = "SCHEDULE#"
SCHEDULE_RUN_PREFIX = "SCHEDULERUN#"
TARGET_PREFIX = "TARGET#"
ADVISORY_INDEX_PREFIX = "ADVISORYINDEX#"
REMATCH_PREFIX = "REMATCH#"
SIGNERS_SORT = "SIGNERS"
SCHEME_PREFIX = "SCHEME#"
VERSION_PREFIX = "VERSION#"
BURIED_PREFIX = "BURIED#"
ALIAS_PREFIX = "ALIAS#"
REQUEST_PREFIX = "REQUEST#"
DEPLOYMENT_PREFIX = "DEPLOYMENT#"
PLACE_PREFIX = "PLACE#"
WITHDRAWAL_PREFIX = "WITHDRAWAL#"
HEARTBEAT_PREFIX = "HEARTBEAT#"
MONITOR_PREFIX = "MONITOR#"
WATCH_PREFIX = "WATCH#"
SCAN_WATCH_PREFIX = "SCANWATCH#"
CARD_PREFIX = "CARD#"
EXPERIMENTS = "EXPERIMENTS"
# Of all sessions. Their ids begin with a digest of the principal, so they are spread over it as sort keys are.
SESSIONS = "SESSIONS"
SESSION_PREFIX = "SESSION#"
EXPERIMENT_PREFIX = "EXPERIMENT#"
LISTED_RUN_PREFIX = "RUN#"
LISTED_MODEL_PREFIX = "LOGGED#"
# A run's datasets sort before the run itself, and its metrics' histories after it: one query reads the first two.
DATASET_PREFIX = "INPUT#"
RUN_SORT = "META"
# Shards of the keeper's indexes: enough for one partition's writes each, few enough to read them all.
SHARDS = 8
# Shards of the lists of all versions, by name and of a stage, and of the open requests: a list reads them all, and a
# search several stages at once.
LISTING_SHARDS = 4
MODEL_LISTING = "MODEL"
VERSION_LISTING = "VERSION"
LABEL_PREFIX = "LABEL#"
HEAD_SORT = "META"
PROFILE_SORT = "PROFILE"
MANIFEST_PREFIX = "MANIFEST#"
HISTORY_PREFIX = "HISTORY#"
# Every evaluation that was recorded, by name, version and revision.
EVALUATED_PREFIX = "EVALUATED#"
CARD_SORT = "CARD"
COMMENT_PREFIX = "COMMENT#"
# A model's copy of its scheme. The schemes themselves are in another partition.
SCHEME_SORT = "SCHEME"
SCHEME_VERSION_PREFIX = "SCHEMEVERSION#"
SCHEME_DEFAULT_PREFIX = "SCHEMEDEFAULT#"
# What was stated of a node, in a ledger's partition. The links of all nodes lie in partitions of their own.
LINEAGE_PREFIX = "LINEAGE#"
# The index entries of the search.
ENTRY_PREFIX = "INDEX#"
_TAG_ENTRY = f"{ENTRY_PREFIX}T#"
_METRIC_ENTRY = f"{ENTRY_PREFIX}M#"
_MODEL_TAG_ENTRY = f"{ENTRY_PREFIX}MT#"
_QUARANTINE_ENTRY = f"{ENTRY_PREFIX}Q#"
# The partition of the index of terms in which the versions lie that scans keep in quarantine.
TERM_OF_QUARANTINE = "Q#"


class Key(NamedTuple):
    partition: str
    sort: str


def partition(ledger: str) -> str:
    """The partition of a ledger: ``MODEL#<name>`` or ``REGISTRY``."""
    return REGISTRY if ledger == REGISTRY_LEDGER else "MODEL#" + ledger.removeprefix("model:")


def head(ledger: str) -> Key:
    return Key(partition(ledger), HEAD_SORT)


def event(ledger: str, sequence: int) -> Key:
    return Key(partition(ledger), f"{EVENT_PREFIX}{sequence:012d}")


def event_sequence(sort: str) -> int:
    """The sequence number that an event's sort key says."""
    return int(sort.removeprefix(EVENT_PREFIX))


def token(token_id: str) -> Key:
    return Key(REGISTRY, TOKEN_PREFIX + token_id)


def role(name: str) -> Key:
    return Key(REGISTRY, ROLE_PREFIX + name)


def grants(subject_id: str) -> Key:
    return Key(REGISTRY, GRANTS_PREFIX + subject_id)


def trust(name: str) -> Key:
    return Key(REGISTRY, TRUST_PREFIX + name)


def webhook(webhook_id: str) -> Key:
    return Key(REGISTRY, WEBHOOK_PREFIX + webhook_id)


def schedule(name: str) -> Key:
    return Key(REGISTRY, SCHEDULE_PREFIX + name)


def schedule_run(name: str) -> Key:
    """How far the last firing of a schedule has gone through the models."""
    return Key(REGISTRY, SCHEDULE_RUN_PREFIX + name)


def target(name: str) -> Key:
    return Key(REGISTRY, TARGET_PREFIX + name)


def advisory_index(ecosystem: str) -> Key:
    """The advisory index of an ecosystem that counts now."""
    return Key(REGISTRY, ADVISORY_INDEX_PREFIX + ecosystem)


def rematch(ecosystem: str) -> Key:
    """How far the versions in use have been matched against the current index, outside of the ledger."""
    return Key(REGISTRY, REMATCH_PREFIX + ecosystem)


def saved_scheme(name: str) -> Key:
    return Key(REGISTRY, SCHEME_PREFIX + name)


def scheme_version(name: str, version: int) -> Key:
    return Key(REGISTRY, f"{SCHEME_VERSION_PREFIX}{name}#{version:06d}")


def default_scheme() -> Key:
    return Key(REGISTRY, f"{SCHEME_DEFAULT_PREFIX}current")


def profile(model: str) -> Key:
    return Key(f"MODEL#{model}", PROFILE_SORT)


def version(model: str, number: int) -> Key:
    return Key(f"MODEL#{model}", f"{VERSION_PREFIX}{number:09d}")


def buried(model: str, number: int) -> Key:
    return Key(f"MODEL#{model}", f"{BURIED_PREFIX}{number:09d}")


def retention(model: str) -> Key:
    return Key(f"MODEL#{model}", "RETENTION")


def of_version(model: str, kind: str, number: int) -> Key:
    """Where a version's record of a kind lies. The kind's name never changes: stored items are found by it."""
    return Key(f"MODEL#{model}", f"{of_versions(kind)}{number:09d}")


def of_versions(kind: str) -> str:
    """What the sort keys of a kind of records of versions begin with."""
    return f"{kind.upper()}#"


def all_of_version(kind: str, number: int) -> str:
    """What the sort keys begin with of a kind of which a version has many records."""
    return f"{of_versions(kind)}{number:09d}#"


def one_of_version(model: str, kind: str, number: int, sequence: int) -> Key:
    """Where one of them lies: the one that belongs to the event with this sequence number."""
    return Key(f"MODEL#{model}", f"{all_of_version(kind, number)}{sequence:012d}")


def manifest(model: str, number: int) -> Key:
    return of_version(model, "manifest", number)


def manifest_part(model: str, number: int, index: int) -> Key:
    """A part of a long manifest."""
    return Key(f"MODEL#{model}", f"FILES#{number:09d}#{index:04d}")


def findings(model: str, number: int) -> Key:
    """What the last scan of a version found."""
    return of_version(model, "scan", number)


def scan_watch(model: str, number: int) -> Key:
    """When the keeper looks whether a scan was finished, outside of the ledger."""
    return Key(f"MODEL#{model}", f"{SCAN_WATCH_PREFIX}{number:09d}")


def scan_result(uid: str, prefix: str = SCANNED_PREFIX) -> Key:
    """What the last scan of a version came to, as the scanner wrote it that ``prefix`` belongs to."""
    return Key(prefix + uid, SCAN_RESULT)


def scan_attempts(uid: str, prefix: str = SCANNED_PREFIX) -> Key:
    """How often a scan of a version was begun without coming to a result."""
    return Key(prefix + uid, "ATTEMPTS")


def scanned_file(digest: str, size: int, path: str, rules: int | str, prefix: str = SCANNED_PREFIX) -> Key:
    """The verdict on a file by some rules, by the digest that its bytes were proved to have, its size and its path."""
    return Key(prefix + digest, f"FILE#{size}#{rules}#{sha256_hex(path)}")


def checks(model: str, number: int) -> Key:
    return of_version(model, "checks", number)


def attestations(model: str, number: int) -> Key:
    return of_version(model, "attestations", number)


def evaluations(model: str, number: int) -> Key:
    return of_version(model, "evaluations", number)


def vulnerabilities(model: str, number: int) -> Key:
    return of_version(model, "vulnerabilities", number)


def evidence_files(model: str, number: int) -> Key:
    return of_version(model, "evidence_files", number)


def signatures(model: str, number: int) -> Key:
    """The signatures that were brought for a version."""
    return of_version(model, "signatures", number)


def registry_signature(model: str, number: int) -> Key:
    return of_version(model, "registry_signature", number)


def trusted_signers() -> Key:
    """All trusted signers, which are one item."""
    return Key(REGISTRY, SIGNERS_SORT)


def unlisted_file(uid: str) -> Key:
    """A file of a version that its list of evidence files does not have."""
    return Key(f"UNLISTED#{uid}", "UNLISTED")


def evaluated_prefix(name: str, version: int | None = None) -> str:
    """Of all recorded evaluations of a name, or of those of one version. No evaluation's name has a ``#``."""
    return f"{EVALUATED_PREFIX}{name}#" if version is None else f"{EVALUATED_PREFIX}{name}#{version:09d}#"


def evaluated(model: str, name: str, version: int, revision: int) -> Key:
    """An evaluation as it was recorded at a revision of the model."""
    return Key(f"MODEL#{model}", f"{evaluated_prefix(name, version)}{revision:012d}")


def evaluated_version(sort: str) -> int:
    """The version that a recorded evaluation is of."""
    return int(sort.rsplit("#", 2)[1])


def alias(model: str, name: str) -> Key:
    return Key(f"MODEL#{model}", f"{ALIAS_PREFIX}{name}")


def label(model: str, text: str) -> Key:
    return Key(f"MODEL#{model}", LABEL_PREFIX + text)


def scheme(model: str) -> Key:
    """The model's copy of the scheme that judges it."""
    return Key(f"MODEL#{model}", SCHEME_SORT)


def request(model: str, number: int) -> Key:
    return Key(f"MODEL#{model}", f"{REQUEST_PREFIX}{number:09d}")


def request_number(sort: str) -> int:
    """The number of the request that has this sort key."""
    return int(sort.removeprefix(REQUEST_PREFIX))


def deployment(model: str, number: int) -> Key:
    return Key(f"MODEL#{model}", f"{DEPLOYMENT_PREFIX}{number:09d}")


def progress(model: str, number: int) -> Key:
    """How far a deployment is, outside of the ledger."""
    return Key(f"MODEL#{model}", f"PROGRESS#{number:09d}")


def place(model: str, target: str) -> Key:
    """What the registry knows of a model on a target."""
    return Key(f"MODEL#{model}", PLACE_PREFIX + target)


def withdrawal(model: str, target: str) -> Key:
    """When a model was last taken off a target."""
    return Key(f"MODEL#{model}", WITHDRAWAL_PREFIX + target)


def heartbeat(model: str, target: str) -> Key:
    """What a target said last that it serves of a model, outside of the ledger."""
    return Key(f"MODEL#{model}", HEARTBEAT_PREFIX + target)


def monitor(model: str, name: str) -> Key:
    return Key(f"MODEL#{model}", MONITOR_PREFIX + name)


def watch(model: str, monitor: str) -> Key:
    """When the keeper looks whether a monitor has fallen silent, outside of the ledger."""
    return Key(f"MODEL#{model}", WATCH_PREFIX + monitor)


def windows_of(monitor: str, version: int) -> str:
    """What the sort keys of a monitor's windows of one version begin with."""
    return f"WINDOW#{monitor}#{version:09d}#"


def window(model: str, monitor: str, version: int, start: Instant, source: str) -> Key:
    """What a source counted of a version from ``start`` on, outside of the ledger. Windows sort by time."""
    return Key(f"MODEL#{model}", f"{windows_of(monitor, version)}{start}#{source}")


def history_prefix(pointer: str) -> str:
    return f"{HISTORY_PREFIX}{pointer}#"


def history(model: str, pointer: str, time: Instant, sequence: int) -> Key:
    """Times of a ledger never go back, so that this sorts as the sequence does, and finds what held at a time."""
    return Key(f"MODEL#{model}", f"{history_prefix(pointer)}{time}#{sequence:012d}")


def history_entry(sort: str) -> tuple[str, int]:
    """The pointer that an entry of a history is of, and its sequence number."""
    pointer, _, sequence = sort.removeprefix(HISTORY_PREFIX).rsplit("#", 2)
    return pointer, int(sequence)


def history_at(pointer: str, time: Instant) -> str:
    """How the sort keys of the moves made at ``time`` begin."""
    return f"{history_prefix(pointer)}{time}#"


def history_through(pointer: str, time: Instant) -> str:
    """A sort key after every move made up to ``time``, and before every later one."""
    return f"{history_prefix(pointer)}{time}#~"


def card(model: str) -> Key:
    return Key(f"MODEL#{model}", CARD_SORT)


def card_revision(model: str, revision: int) -> Key:
    return Key(f"MODEL#{model}", f"{CARD_PREFIX}{revision:09d}")


def comment_prefix(subject: str) -> str:
    return f"{COMMENT_PREFIX}{subject}#"


def comment(model: str, subject: str, sequence: int) -> Key:
    """All comments on one subject lie together, in the order in which they were made."""
    return Key(f"MODEL#{model}", f"{comment_prefix(subject)}{sequence:012d}")


def usage_prefix(version: int | None) -> str:
    """Of the entries of one version's users, or of all versions' (``None``)."""
    return "USAGE#" if version is None else f"USAGE#{version:09d}#"


def usage(model: str, version: int, principal: str) -> Key:
    return Key(f"MODEL#{model}", usage_prefix(version) + principal)


def stated_origins(model: str, node_id: str) -> Key:
    """What was stated of a node: in its model's partition, or, of what belongs to no model (""), in the registry's."""
    return Key(f"MODEL#{model}" if model else REGISTRY, LINEAGE_PREFIX + node_id)


def lineage(node_id: str) -> str:
    """The partition of a node's links. All states of a dataset share one: an id's part after the dot is the state."""
    return LINEAGE_PREFIX + node_id.partition(".")[0]


def links_out(node_id: str) -> str:
    """What the sort keys of the links begin with that a node has itself; of all states of a dataset, if of none."""
    return _of_state("OUT#", node_id)


def links_in(node_id: str) -> str:
    """What the sort keys of the links to a node begin with; to all states of a dataset, if to none."""
    return _of_state("IN#", node_id)


def _of_state(prefix: str, node_id: str) -> str:
    state = node_id.partition(".")[2]
    return f"{prefix}{state}#" if state else prefix


def link_out(node_id: str, source: str) -> Key:
    """The links of a node from one source."""
    return Key(lineage(node_id), f"OUT#{node_id.partition('.')[2]}#{source}")


def link_in(origin_id: str, link_type: str, source: str, node_id: str) -> Key:
    """A link to an origin, where the origin's are. Those of one type lie together."""
    return Key(lineage(origin_id), f"IN#{origin_id.partition('.')[2]}#{link_type}#{source}#{node_id}")


def tag_entry(model: str, number: int, tag: str) -> Key:
    """The index entry of a version's tag."""
    return Key(f"MODEL#{model}", f"{_TAG_ENTRY}{number:09d}#{sort_keys.text_part(tag, sort_keys.KEY_BYTES)}")


def quarantine_entry(model: str, number: int) -> Key:
    """The index entry of a version that a scan keeps in quarantine."""
    return Key(f"MODEL#{model}", f"{_QUARANTINE_ENTRY}{number:09d}")


def model_tag_entry(model: str, tag: str) -> Key:
    return Key(f"MODEL#{model}", f"{_MODEL_TAG_ENTRY}{sort_keys.text_part(tag, sort_keys.KEY_BYTES)}")


def metric_entries(metric: str) -> str:
    """What the index entries of a metric begin with in a model's own partition, where they sort by value."""
    return f"{_METRIC_ENTRY}{sort_keys.text_part(metric, sort_keys.KEY_BYTES)}{sort_keys.SEPARATOR}"


def metric_entry(model: str, number: int, metric: str, value: float) -> Key:
    place = sort_keys.joined(sort_keys.number_part(value), f"{number:09d}")
    return Key(f"MODEL#{model}", metric_entries(metric) + place)


def metric_series(model: str, metric: str) -> str:
    """The partition of an index in which the entries of one metric of a model lie by version. It is no model's name."""
    return sort_keys.joined(model, metric)


def entry_source(entry: Key) -> Key:
    """What an index entry is of: a version, or the model's profile."""
    if entry.sort.startswith(_MODEL_TAG_ENTRY):
        return profile(model_of(entry))
    return version(model_of(entry), version_of(entry))


def number_of(stored: Mapping[str, str | int]) -> int:
    """The number at the end of the sort key of a manifest, a plan, checks, evaluations or a request."""
    return int(str(stored[SORT_KEY]).rpartition("#")[2])


def label_of(stored: Mapping[str, str | int]) -> str:
    """The label that an item claims."""
    return str(stored[SORT_KEY]).removeprefix(LABEL_PREFIX)


def model_of(key: Key) -> str:
    """The model in whose partition a key is."""
    return key.partition.removeprefix("MODEL#")


def version_of(key: Key) -> int:
    """The version that a key is of: its own, or its index entry's."""
    if key.sort.startswith(VERSION_PREFIX):
        return int(key.sort.removeprefix(VERSION_PREFIX))
    if key.sort.startswith(_TAG_ENTRY):
        return int(key.sort.removeprefix(_TAG_ENTRY).partition("#")[0])
    if key.sort.startswith(_QUARANTINE_ENTRY):
        return int(key.sort.removeprefix(_QUARANTINE_ENTRY))
    return int(key.sort.rpartition(sort_keys.SEPARATOR)[2])


def term_of_tag(tag: str) -> str:
    """The partition of the index of terms in which the versions with a tag lie, by its value."""
    return f"T#{tag}"


def term_of_model_tag(tag: str) -> str:
    return f"MT#{tag}"


def term_of_metric(metric: str) -> str:
    return f"M#{metric}"


def term_of_creation(model_shard: str) -> str:
    """One of those in which all versions lie, by their time of creation."""
    return f"C#{model_shard}"


def listing_shard(model: str) -> str:
    """The shard of a model's versions in the lists of all versions, and of its requests in the list of open ones."""
    return str(int(shard(model)) % LISTING_SHARDS)


def versions_listed(listing_shard: str) -> str:
    """One of the partitions in which all versions lie by name. Before there were shards (""), there was only one."""
    return f"{VERSION_LISTING}#{listing_shard}" if listing_shard else VERSION_LISTING


def versions_in_stage(stage: str, listing_shard: str) -> str:
    """One of the partitions of the versions of a stage. Before there were shards (""), a stage had only one."""
    return f"{listing_shard}#{stage}" if listing_shard else stage


def versions_changed(model_shard: str) -> str:
    return f"V{model_shard}"


def models_changed(model_shard: str) -> str:
    return f"M{model_shard}"


def term_of_target(target: str) -> str:
    """The partition of the index of terms in which the places of a target lie, by model."""
    return f"D#{target}"


def listed_run(run_id: str) -> str:
    """A run's partition of its index."""
    return sort_keys.text_part(run_id)


def name_claim(skeleton: str) -> Key:
    """Which model has a name that looks like this."""
    return Key("LOOKS#" + sha256_hex(skeleton), "LOOKS")


def once(principal: str, idempotency_key: str) -> Key:
    return Key("ONCE#" + sha256_hex(f"{principal}\n{idempotency_key}"), "ONCE")


def quota(principal: str, day: str) -> Key:
    return Key(f"QUOTA#{sha256_hex(principal)}", day)


def delivery(webhook: str, delivery_id: str) -> Key:
    return Key(f"WEBHOOK#{webhook}", f"DELIVERY#{delivery_id}")


def deliveries_in(webhook: str, state: str) -> str:
    """The partition of the index of terms in which the deliveries to a webhook that are in one state lie, by id."""
    return f"D#{webhook}#{state}"


def webhook_health(webhook: str) -> Key:
    """Since when the receiver of a webhook fails."""
    return Key(f"WEBHOOK#{webhook}", "HEALTH")


def webhook_minute(webhook: str, minute: int) -> Key:
    """How many deliveries to a webhook have asked to be sent in one minute since 1970."""
    return Key(f"WEBHOOK#{webhook}", f"MINUTE#{minute}")


def patrol(name: str) -> Key:
    """Where a round of the keeper's checks of the state stands."""
    return Key("PATROL", name)


def token_use(token_id: str) -> Key:
    """When a token was last used. A partition of its own: the authorizer's right to write ends with it."""
    return Key(TOKEN_USE_PARTITION, token_id)


def session(session_id: str) -> Key:
    return Key(SESSIONS, SESSION_PREFIX + session_id)


def session_of(sort: str) -> str:
    """The id of the session at a sort key."""
    return sort.removeprefix(SESSION_PREFIX)


def shard(text: str) -> str:
    """The shard of a model's or ledger's entries in an index of the keeper."""
    return str(int(sha256_hex(text)[:8], 16) % SHARDS)


def shards_in_turn(seconds: int) -> list[int]:
    """All shards, each minute beginning with another one. So what takes all of a run's time comes last some time."""
    first = seconds // 60 % SHARDS
    return [*range(first, SHARDS), *range(first)]


def experiment(experiment_id: str) -> Key:
    """Experiments are few and seldom written, so that one partition lists them all, by number."""
    return Key(EXPERIMENTS, f"{EXPERIMENT_PREFIX}{experiment_id.zfill(12)}")


def experiment_counter() -> Key:
    return Key(EXPERIMENTS, "COUNTER")


def experiment_name(name: str) -> Key:
    """The claim of an experiment's name, which may be longer than a sort key."""
    return Key(EXPERIMENTS, "NAME#" + sha256_hex(name))


def experiment_runs(experiment_id: str) -> str:
    return f"EXPERIMENT#{experiment_id}"


def experiment_run(experiment_id: str, started_ms: int, run_id: str) -> Key:
    """Where an experiment lists a run: by when it began."""
    return Key(experiment_runs(experiment_id), f"{LISTED_RUN_PREFIX}{_sortable(started_ms)}#{run_id}")


def experiment_model(experiment_id: str, created_ms: int, model_id: str) -> Key:
    """Where an experiment lists a logged model: by when it was made."""
    return Key(experiment_runs(experiment_id), f"{LISTED_MODEL_PREFIX}{_sortable(created_ms)}#{model_id}")


def run_partition(run_id: str) -> str:
    return f"RUN#{run_id}"


def run(run_id: str) -> Key:
    return Key(run_partition(run_id), RUN_SORT)


def run_dataset(run_id: str, name: str, digest: str) -> Key:
    return Key(run_partition(run_id), DATASET_PREFIX + sha256_hex(f"{name}\n{digest}"))


def metric_prefix(metric: str) -> str:
    """Of the points of one metric of a run. No metric's name has a ``#``."""
    return f"METRIC#{metric}#"


def metric_point(run_id: str, metric: str, step: int, timestamp: int, value: str) -> Key:
    """A point of a metric's history: one that is logged twice is one."""
    return Key(run_partition(run_id), f"{metric_prefix(metric)}{_sortable(step)}#{_sortable(timestamp)}#{value}")


def logged_model(model_id: str) -> Key:
    return Key(f"LOGGED#{model_id}", "META")


def param(owner: Key, name: str, digest: str) -> Key:
    """A parameter that lies apart from the run or logged model under ``owner``. No parameter's name has a ``#``."""
    return Key(owner.partition, f"PARAM#{name}#{digest}")


def logged_place(model_id: str) -> Key:
    """Where files of a logged model lie that the registry was never told of but by their upload."""
    return Key(f"LOGGED#{model_id}", "PLACE")


def copying(uid: str) -> Key:
    """That files are copied for a version that is not registered yet."""
    return Key(f"COPYING#{uid}", "COPYING")


def intake(model: str, number: int) -> Key:
    """The files that a version is to be given copies of."""
    return Key(f"MODEL#{model}", f"INTAKE#{number:09d}")


def _sortable(number: int) -> str:
    """A signed 64-bit number so that text sorts as numbers do."""
    return f"{number + 2**63:020d}"
