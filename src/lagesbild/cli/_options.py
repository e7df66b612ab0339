"""Options that several commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from lagesbild import kde


class Numbers(click.ParamType[tuple[float, ...]]):
    """'100,200,400' as a tuple of numbers."""

    name = "numbers"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, ...]:
        if isinstance(value, tuple):
            return value
        try:
            return tuple(float(part) for part in str(value).split(","))
        except ValueError:
            self.fail(f"numbers with commas between wanted, such as 100,200; {value!r} given",
                      param, ctx)  # fmt: skip


class Names(click.ParamType[tuple[str, ...]]):
    """'A,B' as a tuple of names."""

    name = "names"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        if isinstance(value, tuple):
            return value
        return tuple(part.strip() for part in str(value).split(",") if part.strip())


class Metres(click.ParamType[float]):
    """A length above zero."""

    name = "metres"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        try:
            metres = float(str(value))
        except ValueError:
            metres = float("nan")
        if not 0 < metres < float("inf"):
            self.fail(f"metres above zero wanted; {value!r} given", param, ctx)
        return metres


def bandwidth_given(given: str) -> kde.Rule | float:
    """A rule of `kde`, or metres."""
    if given in ("scott", "silverman", "cv"):
        return given  # type: ignore[return-value]
    try:
        return float(given)
    except ValueError:
        raise ValueError(
            f"bandwidth: scott, silverman, cv or metres wanted, {given!r} given"
        ) from None
