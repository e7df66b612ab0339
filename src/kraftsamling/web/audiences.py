"""Who may open what: the one table of audiences.

Every named address of the site stands here. An address that does not is refused to everyone, so
forgetting a line shows at once and never opens a door. The view still asks the room's `access`
for the object itself: this table says who may knock, the room says what they find.
"""

from dataclasses import dataclass

from kraftsamling.people.permissions import Permission
from kraftsamling.people.rules import Standing


@dataclass(frozen=True)
class Audience:
    """Everyone, the signed-in, or those who hold one of some permissions."""

    is_public: bool = False
    permissions: frozenset[str] = frozenset()
    demo_only: bool = False

    def admits(self, *, is_signed_in: bool, standing: Standing) -> bool:
        if self.is_public:
            return True
        if not is_signed_in:
            return False
        return not self.permissions or any(standing.may(code) for code in self.permissions)


EVERYONE = Audience(is_public=True)
SIGNED_IN = Audience()
DEMO = Audience(is_public=True, demo_only=True)


def holders_of(*permissions: Permission) -> Audience:
    return Audience(permissions=frozenset(permissions))


# Keys are view names ("namespace:name"), or "namespace:*" for a whole folder with one audience.
AUDIENCES: dict[str, Audience] = {
    "healthz": EVERYONE,
    "readyz": EVERYONE,
    # The API asks for a token and a scope by itself, per operation: see api/security.py.
    "api:*": EVERYONE,
    "design:*": EVERYONE,
    "city:home": EVERYONE,
    "city:about": EVERYONE,
    "city:accessibility": EVERYONE,
    "city:privacy": EVERYONE,
    "desk:home": SIGNED_IN,
    "desk:groups:*": holders_of(Permission.GROUPS_READ),
}


def audience_of(view_name: str) -> Audience | None:
    """The declared audience of an address, or None where nobody declared one."""
    namespace, _, _ = view_name.rpartition(":")
    return AUDIENCES.get(view_name) or AUDIENCES.get(f"{namespace}:*")
