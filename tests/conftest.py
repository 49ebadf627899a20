"""What every test may lean on."""

from tests.cast import cast as cast
