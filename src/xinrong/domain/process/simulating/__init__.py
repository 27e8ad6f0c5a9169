"""Thousands of cases of a process through a year, to see where they wait before anybody does."""

from __future__ import annotations

from xinrong.domain.process.simulating.engine import Assumptions, crews_for, simulate
from xinrong.domain.process.simulating.offices import Crew
from xinrong.domain.process.simulating.results import Simulated, Wait

__all__ = ["Assumptions", "Crew", "Simulated", "Wait", "crews_for", "simulate"]
