"""Checking a scheme's document beyond its form. Every fault is reported, with a JSON pointer to its place."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from chalicelib.domain import names
from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.errors import InvalidInputError, InvalidNameError, Problem
from chalicelib.domain.scanning.policy import NAMEABLE
from chalicelib.domain.scanning.verdict import Verdict
from chalicelib.domain.schemes.conditions import Fault
from chalicelib.domain.schemes.gates import Tier, tiers_from
from chalicelib.domain.schemes.scheme import scheme_from_document

MAX_DOCUMENT_BYTES: Final = 48 * 1024
# A move reads the rivals' versions together with the requests that it closes, in one read of at most 100 items.
MAX_RIVALS: Final = 20


def check_scheme(document: Mapping[str, Any], refused: Callable[[str], Fault | None]) -> None:
    """Raise InvalidInputError with every fault of a well-formed document.

    ``refused`` returns the fault of a condition's expression, or None.
    """
    problems = [*_size(document), *_rivals(document), *_stages(document), *_transitions(document, refused)]
    problems += [
        *_roll_back_openings(document),
        *_scanning(document.get("scanning") or {}),
        *_unreachable(document),
        *_protected(document),
        *_automatic_cycles(document),
    ]
    if problems:
        first = problems[0]
        raise InvalidInputError(f"The scheme is not valid: {first.pointer}: {first.message}.", problems)


def _size(document: Mapping[str, Any]) -> Iterator[Problem]:
    size = len(canonical_json(document).encode())
    if size > MAX_DOCUMENT_BYTES:
        yield Problem("/", f"takes {size} bytes; a scheme has at most {MAX_DOCUMENT_BYTES}")


def _rivals(document: Mapping[str, Any]) -> Iterator[Problem]:
    gated = (*document["transitions"], document.get("rollback") or {})
    compared = [gate for part in gated for gate in part.get("gates", ()) if gate["kind"] in ("compare", "better")]
    rivals = {(gate.get("stage"), gate.get("alias")) for gate in compared}
    if len(rivals) > MAX_RIVALS:
        yield Problem("/", f"compares with {len(rivals)} stages and aliases; a scheme has at most {MAX_RIVALS}")


def _names(document: Mapping[str, Any]) -> list[str]:
    return [stage["name"] for stage in document["stages"]]


def _stages(document: Mapping[str, Any]) -> Iterator[Problem]:
    known, ends = _names(document), (document["initial"], document["archive"])
    for index, stage in enumerate(document["stages"]):
        if stage["name"] in known[:index]:
            yield Problem(f"/stages/{index}/name", f"the stage {stage['name']!r} is declared twice")
        if stage.get("exclusive") and stage["name"] in ends:
            yield Problem(
                f"/stages/{index}/exclusive",
                "the initial stage and the archive hold many versions, so they cannot be exclusive",
            )
        yield from _moved_aliases(stage, f"/stages/{index}/on_enter/aliases")
    for field in ("initial", "archive"):
        if document[field] not in known:
            yield Problem(f"/{field}", f"there is no stage {document[field]!r}")
    if ends[0] == ends[1]:
        yield Problem("/archive", "must differ from the initial stage")


def _moved_aliases(stage: Mapping[str, Any], place: str) -> Iterator[Problem]:
    aliases = (stage.get("on_enter") or {}).get("aliases", ())
    if aliases and not stage.get("exclusive"):
        yield Problem(place, "only an exclusive stage moves aliases, because it holds one version")
    for index, alias in enumerate(aliases):
        yield from _alias(alias, f"{place}/{index}")


def _alias(alias: str, place: str) -> Iterator[Problem]:
    try:
        names.alias_name(alias)
    except InvalidNameError as error:
        yield Problem(place, error.detail)


def _transitions(document: Mapping[str, Any], refused: Callable[[str], Fault | None]) -> Iterator[Problem]:
    known = _names(document)
    terminal = {stage["name"] for stage in document["stages"] if stage.get("terminal")}
    seen: set[tuple[str, str]] = set()
    for index, transition in enumerate(document["transitions"]):
        place = f"/transitions/{index}"
        for from_stage in origins(transition):
            if from_stage not in known:
                yield Problem(f"{place}/from", f"there is no stage {from_stage!r}")
            if from_stage in terminal:
                yield Problem(f"{place}/from", f"the stage {from_stage!r} is terminal: nothing leads out of it")
            if from_stage == transition["to"]:
                yield Problem(f"{place}/to", f"leads from {from_stage!r} back into the same stage")
            if (from_stage, transition["to"]) in seen:
                yield Problem(place, f"the move from {from_stage!r} to {transition['to']!r} is declared twice")
            seen.add((from_stage, transition["to"]))
        if transition["to"] not in known:
            yield Problem(f"{place}/to", f"there is no stage {transition['to']!r}")
        for tier in _ungated_tiers(transition) if transition.get("automatic") else ():
            yield Problem(
                f"{place}/automatic",
                f"an automatic move needs a gate or approvals for each tier; tier {tier} has none",
            )
        yield from _gates(transition.get("gates", ()), f"{place}/gates", known, refused)
    yield from _gates((document.get("rollback") or {}).get("gates", ()), "/rollback/gates", known, refused)


def _gates(
    gates: list[Mapping[str, Any]], place: str, stages: list[str], refused: Callable[[str], Fault | None]
) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, gate in enumerate(gates):
        if gate["name"] in seen:
            yield Problem(f"{place}/{index}/name", f"the gate {gate['name']!r} is declared twice")
        seen.add(gate["name"])
        if gate.get("stage") is not None and gate["stage"] not in stages:
            yield Problem(f"{place}/{index}/stage", f"there is no stage {gate['stage']!r}")
        if gate.get("alias") is not None:
            yield from _alias(gate["alias"], f"{place}/{index}/alias")
        if gate["kind"] == "condition":
            fault = refused(gate["expression"])
            if fault is not None:
                yield Problem(f"{place}/{index}/expression", f"character {fault.position}: {fault.reason}")


def _scanning(section: Mapping[str, Any]) -> Iterator[Problem]:
    allow = section.get("allow", ())
    for index, verdict in enumerate(allow):
        if verdict not in NAMEABLE:
            yield Problem(
                f"/scanning/allow/{index}", f"{verdict!r} cannot be allowed: only a release gives such files out"
            )
    if section.get("unscanned_suffixes") is not None and Verdict.UNSCANNED not in allow:
        yield Problem("/scanning/unscanned_suffixes", "says which unscanned files are allowed, but allow has none")


def _roll_back_openings(document: Mapping[str, Any]) -> Iterator[Problem]:
    for index, gate in enumerate((document.get("rollback") or {}).get("gates", ())):
        if gate.get("open_on") is not None:
            yield Problem(f"/rollback/gates/{index}/open_on", "no version waits for a roll-back, so it opens no checks")


def _unreachable(document: Mapping[str, Any]) -> Iterator[Problem]:
    if document["initial"] not in _names(document):
        return
    reached, fresh = {document["initial"]}, [document["initial"]]
    if any(stage.get("exclusive") for stage in document["stages"]):
        # Versions that are displaced from an exclusive stage go to the archive.
        reached.add(document["archive"])
        fresh.append(document["archive"])
    while fresh:
        here = fresh.pop()
        there = {move["to"] for move in document["transitions"] if here in origins(move)} - reached
        reached |= there
        fresh += there
    for index, stage in enumerate(document["stages"]):
        if stage["name"] not in reached:
            yield Problem(f"/stages/{index}", f"no version can reach the stage {stage['name']!r}")


def _protected(document: Mapping[str, Any]) -> Iterator[Problem]:
    protected = {stage["name"] for stage in document["stages"] if stage.get("protected")}
    for index, transition in enumerate(document["transitions"]):
        if transition["to"] in protected and not (transition.get("automatic") or transition.get("approvals")):
            yield Problem(
                f"/transitions/{index}",
                f"{transition['to']!r} is protected: a move into it must be automatic or need approvals",
            )
        for tier in _unreviewed_tiers(transition) if transition["to"] in protected else ():
            yield Problem(f"/transitions/{index}/approvals", f"a model of tier {tier} would enter without approval")


def _automatic_cycles(document: Mapping[str, Any]) -> Iterator[Problem]:
    scheme = scheme_from_document(document)
    for index, transition in enumerate(document["transitions"]):
        for from_stage in origins(transition) if transition.get("automatic") else ():
            if from_stage != transition["to"] and scheme.leads_by_itself(transition["to"], from_stage):
                yield Problem(
                    f"/transitions/{index}/automatic",
                    f"automatic moves lead from {transition['to']!r} back to {from_stage!r}, without end",
                )


def _unreviewed_tiers(transition: Mapping[str, Any]) -> Iterator[str]:
    """The tiers whose models would need no approval, of a transition that is not automatic and has approvals."""
    approvals = transition.get("approvals", ())
    if approvals and not transition.get("automatic"):
        yield from _tiers_without(approvals)


def _ungated_tiers(transition: Mapping[str, Any]) -> Iterator[str]:
    """The tiers without any gate or approval on the transition."""
    # A gate for some classifications is none for the models of others.
    for_all = [gate for gate in transition.get("gates", ()) if not gate.get("classifications")]
    return _tiers_without([*for_all, *transition.get("approvals", ())])


def _tiers_without(tiered: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The tiers that no gate or approval in ``tiered`` applies to."""
    for tier in Tier:
        if not any(tier in tiers_from(requirement.get("tiers")) for requirement in tiered):
            yield tier.value


def origins(transition: Mapping[str, Any]) -> list[str]:
    """The stages that a transition's document leads from."""
    given = transition["from"]
    return [given] if isinstance(given, str) else list(given)
