"""A private store of its own for each test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def private_store(settings: Any, tmp_path: Path) -> Path:
    root = tmp_path / "store"
    settings.DOCUMENTS_ROOT = root
    return root
