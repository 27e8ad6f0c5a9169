"""The district of an enterprise, which its department sends by name, as the code of a need.

Products and needs name districts by their six digits; the register's feed has their names.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from xinrong.profiles.services import criteria

#: The column of the profile.
DISTRICT = "reg_district"


@cache
def codes(region: str) -> Mapping[str, str]:
    """Name of a district of the region → its code."""
    return {words.zh: code for code, words in criteria.areas_of(region).items()}


def code_of(region: str, value: Any) -> Any:
    """The code of what the profile holds: itself where it is none of the region's names."""
    return codes(region).get(value, value)


def code_sql(region: str) -> str:
    """The same over the profile's column."""
    whens = " ".join(f"WHEN '{name}' THEN '{code}'" for name, code in codes(region).items())
    return f'CASE "{DISTRICT}" {whens} ELSE "{DISTRICT}" END'
