"""Only the standard library, pytest, hypothesis and the libraries that are compared are here, no AWS."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "oracles", max_examples=100, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("oracles")
