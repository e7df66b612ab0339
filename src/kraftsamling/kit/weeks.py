"""ISO weeks, as Swedish calendars count them."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, order=True)
class Week:
    """An ISO 8601 week: Monday to Sunday, numbered 1-53 within its week-year."""

    year: int
    number: int

    def __post_init__(self) -> None:
        date.fromisocalendar(self.year, self.number, 1)  # raises ValueError where no such week is

    @classmethod
    def containing(cls, day: date) -> "Week":
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @classmethod
    def from_text(cls, text: str) -> "Week":
        """Read '2026-W47' or '2026v47'. Raises ValueError for anything else."""
        year, separator, number = text.replace("v", "W").replace("-", "").partition("W")
        if not separator or not (year.isdigit() and number.isdigit()):
            raise ValueError(f"not a week: {text!r}; write it as 2026-W47")
        return cls(int(year), int(number))

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def next_monday(self) -> date:
        """The first day after the week: weeks are half-open like every span here."""
        return self.monday + timedelta(days=7)

    def shifted(self, weeks: int) -> "Week":
        return Week.containing(self.monday + timedelta(weeks=weeks))

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02}"
