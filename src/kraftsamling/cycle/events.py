"""What happens to EST groups."""

from dataclasses import dataclass


@dataclass(frozen=True)
class GroupFormed:
    slug: str
