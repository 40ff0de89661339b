"""What all tests share."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# No deadline: two shared cores. The fixtures that laws use (`tmp_path`) are made anew inside them.
settings.register_profile(
    "shelflife",
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("shelflife")
