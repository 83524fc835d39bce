from __future__ import annotations

import datetime as dt

import pytest

from sitegen.errors import Location
from sitegen.views.jobs import digest_of, known


def test_equal_values_have_equal_digests() -> None:
    value = ("a", 1, None, dt.datetime(2024, 1, 1, tzinfo=dt.UTC), Location("a.md", 1))

    assert digest_of(*value) == digest_of(*value) != digest_of(*value[:-1])
    assert digest_of(known(value)) == digest_of(known(value))


def test_a_value_without_a_canonical_form_has_no_digest() -> None:
    with pytest.raises(TypeError, match="object has no canonical form"):
        digest_of("a", object())
