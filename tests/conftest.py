"""What every test may lean on."""

from hypothesis import HealthCheck, settings

from tests.cast import cast as cast
from tests.chromium import chromium as chromium

# A busy machine must not fail a test: speed is judged by ratios, never by the clock.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
