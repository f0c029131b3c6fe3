"""Schemas of simulations: what a scheme would have said of past moves."""

from chalicelib.api.document import Time, View


class UnjudgedGateView(View):
    """A gate that could not be judged, and why: what it looks at is not known of that time.

    ``gate`` is ``quarantine`` where it is not known whether the scheme would have let the version out of it.
    """

    gate: str
    reason: str


class SimulatedMoveView(View):
    """A past move under the proposed scheme. ``blockers`` says why the scheme would have refused it, if it would.

    The gates in ``unjudged`` may have refused it as well; ``allowed`` does not count them.
    """

    sequence: int
    time: Time
    actor: str
    version: int
    from_stage: str
    to_stage: str
    trigger: str
    allowed: bool
    blockers: list[str]
    unjudged: list[UnjudgedGateView]


class SimulationView(View):
    """``complete`` is false if the model has more past moves than one call examines."""

    model: str
    moves: list[SimulatedMoveView]
    refused: int
    complete: bool
