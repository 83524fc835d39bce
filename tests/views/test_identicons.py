from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sitegen.views.identicons import TINTS, identicon, tint


@given(st.text(max_size=40))
def test_every_name_has_a_picture_and_a_tint(name: str) -> None:
    assert identicon(name).startswith("M")
    assert 0 <= tint(name) < TINTS


def test_a_name_whose_digest_draws_nothing_has_a_line() -> None:
    assert identicon("Ada 42598") == "M0 2.5h5"
