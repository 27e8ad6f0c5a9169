"""Days that are added to the calendar: a year's schedule when it is published, a region's own."""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from xinrong.domain.errors import Place, XinrongError


class ScheduleWrong(XinrongError):
    """What was given is no schedule of days."""

    code = "schedule_wrong"


class _Days(BaseModel):
    """Days by name: `rest`, on which nobody works, and `work`, weekends on which people do."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rest: dict[date, str] = Field(default_factory=dict)
    work: dict[date, str] = Field(default_factory=dict)
    source: str = Field(min_length=1)  # the document that says so

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        both = sorted(set(self.rest) & set(self.work))
        if both:
            raise ValueError(f"{both[0]} is under rest and under work: leave it in one of them")
        return self


class Schedule(_Days):
    """The State Council's schedule of a year: all its days off and working weekends.

    It may name the last days of the year before, which the New Year's holiday reaches.
    """

    year: int = Field(ge=2004, le=2200)

    @model_validator(mode="after")
    def _of_its_year(self) -> Self:
        for day in (*self.rest, *self.work):
            if day.year != self.year and (day.year, day.month) != (self.year - 1, 12):
                raise ValueError(f"{day} lies outside the schedule of {self.year}")
        if date(self.year, 1, 1) not in self.rest:
            raise ValueError(
                f"the schedule of {self.year} is not whole: 1 January is no day of rest in it; "
                "list every day off of the year, weekends within holidays too"
            )
        return self


class DaysOfPlace(_Days):
    """Days off that one place has beside the nation's, such as 三月三 in Guangxi."""


def read_schedules(data: object, file: str = "") -> tuple[tuple[Schedule, ...], DaysOfPlace | None]:
    """The content of a region's `calendar.yaml`: `years`, a list of schedules, and `place`.

    Raises ScheduleWrong with the field that is wrong.
    """
    try:
        read = _File.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ScheduleWrong(
            first["msg"].removeprefix("Value error, "),
            place=Place(file=file, field=where),
            remedy="Write `years:` (a list of year, rest, work, source) and `place:` as days "
            "with a name each.",
        ) from error
    return tuple(read.years), read.place


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    years: list[Schedule] = Field(default_factory=list)
    place: DaysOfPlace | None = None
