"""The reference handler does what it is compared for: one request, one call, one document."""

from bench.ratio import cpu_ms
from bench.reference import Reference


def test_the_reference_handles_requests_without_a_network() -> None:
    handled = Reference()
    assert cpu_ms(handled, runs=2) > 0
