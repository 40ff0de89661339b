"""Numbers as people read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.words import digits


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1.0, "1"),
        (0.95673, "0.957"),
        (1.024e3, "1020"),
        (1968.4, "1970"),
        (0.0, "0"),
        (99.96, "100"),
    ],
)
def test_three_digits_and_no_exponent(value: float, said: str) -> None:
    assert digits(value) == said


@given(st.floats(1e-4, 999_000))
def test_law_what_is_said_is_within_half_a_percent(value: float) -> None:
    assert "e" not in digits(value)
    assert float(digits(value)) == pytest.approx(value, rel=0.005001)
