"""Where the shared corpora and tools are, and text that looks like what people and attackers send."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "sitegen", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.load_profile("sitegen")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of corpora and tools beside the checkout."""
    beside = Path(__file__).resolve().parents[2].parent / "shared"
    folder = Path(os.environ.get("SITEGEN_SHARED", beside))
    if not (folder / "corpora").is_dir():
        pytest.skip(f"no corpora: {folder} is missing; set SITEGEN_SHARED")
    return folder
