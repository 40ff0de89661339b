"""No folder of a machine is left in what others wrote."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import places

HOME = "/home/somebody/shelflife"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            f"Failed to load `{HOME}/results/boosters-261e2546/produced/xgb3.0/m/f.ubj`: no",
            "Failed to load `<results>/boosters-261e2546/produced/xgb3.0/m/f.ubj`: no",
        ),
        (
            f'File "{HOME}/.tox/xgb3.2-py312/lib/python3.12/site-packages/xgboost/core.py", line 2',
            'File "<environment>/lib/python3.12/site-packages/xgboost/core.py", line 2',
        ),
        (
            "/opt/pythons/3.9.18/lib/python3.9/functools.py:883: unknown opcode",
            "<python>/lib/python3.9/functools.py:883: unknown opcode",
        ),
        (f'File "{HOME}/harness/worker/serve.py", line 9', 'File "<worker>/serve.py", line 9'),
        (
            "/workspace/src/learner.cc:989: Check failed",
            "/workspace/src/learner.cc:989: Check failed",
        ),
        ("a/b and 1/2, https://example.org/x", "a/b and 1/2, https://example.org/x"),
    ],
)
def test_folders_are_named_and_nothing_else_is_touched(text: str, said: str) -> None:
    assert places.shortened(text) == said


@given(st.text(alphabet="/ab-.0123456789 libpythonsite-packages'"))
def test_law_twice_is_once(text: str) -> None:
    assert places.shortened(places.shortened(text)) == places.shortened(text)
