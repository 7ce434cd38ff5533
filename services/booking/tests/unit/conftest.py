"""Rules need no server and no database; Hypothesis looks for the cases nobody thought of."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "rules", max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
settings.load_profile("rules")
