"""The cast of applications."""

from __future__ import annotations

from tests.market.applying.conftest import cast

__all__ = ["cast"]
