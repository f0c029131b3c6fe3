"""Which versions a scheme's policy lets out of quarantine, and what is kept of what was found."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.scanning.file_scan import FileScan, Reason
from chalicelib.domain.scanning.findings import MAX_BYTES, MAX_SUFFIXES, Scanned, scanned, suffix
from chalicelib.domain.scanning.policy import ScanPolicy, policy_from
from chalicelib.domain.scanning.verdict import Verdict
from tests.domain.scanning.findings import FOUND, RUNS_A_SHELL

VERDICTS = st.sampled_from(list(Verdict))
SCANS = st.dictionaries(st.text(min_size=1, max_size=20), VERDICTS.map(FOUND.__getitem__), max_size=8)
POLICIES = st.builds(
    ScanPolicy,
    st.lists(VERDICTS, max_size=4).map(tuple),
    st.none() | st.lists(st.sampled_from([".md", ".txt", ""]), max_size=3).map(tuple),
)


def found(*verdicts: Verdict, path: str = "model") -> Scanned:
    return scanned({f"{path}{index}": FOUND[verdict] for index, verdict in enumerate(verdicts)})


def test_a_scheme_that_says_nothing_allows_clean_and_unscanned_files() -> None:
    allowed = {verdict for verdict in Verdict if policy_from(None).allows(found(verdict))}
    assert allowed == {Verdict.CLEAN, Verdict.UNSCANNED}


@given(scans=SCANS, policy=POLICIES)
def test_no_policy_lets_an_unsafe_file_out_and_every_file_must_be_allowed(
    scans: dict[str, FileScan], policy: ScanPolicy
) -> None:
    outcome = scanned(scans)
    alone = [scanned({path: scan}) for path, scan in scans.items()]
    assert policy.allows(outcome) == all(policy.allows(one) for one in alone)
    if any(scan.verdict is Verdict.UNSAFE for scan in scans.values()):
        assert not policy.allows(outcome)


def test_the_endings_of_unscanned_files_can_be_narrowed() -> None:
    policy = policy_from({"allow": ["clean", "unscanned"], "unscanned_suffixes": [".md", ""]})
    unknown = FOUND[Verdict.UNSCANNED]
    assert policy.allows(
        scanned({"README.MD": unknown, "docs.d/LICENSE": unknown, "weights.bin": FOUND[Verdict.CLEAN]})
    )
    assert not policy.allows(scanned({"README.md": unknown, "weights.bin": unknown}))


def test_more_endings_than_a_policy_can_name_are_never_allowed() -> None:
    outcome = scanned({f"file.{index:03}": FOUND[Verdict.UNSCANNED] for index in range(200)})
    assert len(outcome.unscanned_suffixes) == MAX_SUFFIXES + 1
    assert not ScanPolicy(unscanned_suffixes=tuple(f".{index:03}" for index in range(MAX_SUFFIXES))).allows(outcome)


def test_the_ending_of_a_name_begins_at_its_last_dot() -> None:
    ends = {path: suffix(path) for path in ("a.tar.GZ", "v1.2/model", ".gitattributes", "a/b.json")}
    assert ends == {"a.tar.GZ": ".gz", "v1.2/model": "", ".gitattributes": "", "a/b.json": ".json"}


@given(scans=SCANS)
def test_every_file_is_counted_and_the_worst_are_listed_first(scans: dict[str, FileScan]) -> None:
    outcome = scanned(scans)
    assert sum(outcome.counts.values()) == len(scans) == len(outcome.files) + outcome.cut
    ranks = [list(Verdict).index(file.scan.verdict) for file in outcome.files]
    assert ranks == sorted(ranks, reverse=True)
    assert Scanned.from_document(outcome.document()) == outcome


def test_long_findings_are_cut_with_the_worst_kept_and_the_rest_counted() -> None:
    text = "x" * 1_000
    scans = {f"{index:04}": FileScan("pickle", (Reason(Verdict.REVIEW, "long", text),)) for index in range(200)}
    outcome = scanned({**scans, "zz": FOUND[Verdict.UNSAFE]})
    assert outcome.files[0].path == "zz" and outcome.verdict is Verdict.UNSAFE
    assert 0 < outcome.cut == 201 - len(outcome.files)
    assert len(canonical_json([file.document() for file in outcome.files]).encode()) <= MAX_BYTES


def test_the_summary_is_the_worst_in_a_sentence_and_empty_if_all_is_clean() -> None:
    assert found(Verdict.CLEAN, Verdict.UNSAFE).summary == f"model1: {RUNS_A_SHELL.text}"
    assert found(Verdict.CLEAN).summary == Scanned({}).summary == ""
