"""Who acts, as the trail remembers it: an id without a name."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """The one who does something: `id` is a person's public id, a token's prefix or a job's name.

    The id says nothing by itself: names live in `people` alone, so that erasing a person there
    leaves the trail whole.
    """

    id: str
    kind: str  # person | token | system
    organisation: str = ""


def system_actor(name: str) -> Actor:
    """The actor for what the software does by itself: a job, an import at the command line."""
    return Actor(id=f"system:{name}", kind="system")
