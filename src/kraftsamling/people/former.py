"""What remains of a person who took their account away: a row with an id and no one behind it.

The row stays because history points at it. The address lies under a name that can never receive
mail (RFC 2606), so that nobody signs in with it and the person may be invited anew.
"""

from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

_DOMAIN = "erased.invalid"
# Stored in Swedish, so that a page that knows nothing of former persons shows it as any name.
NAME = _("Tidigare användare")


def address_of_former(public_id: UUID) -> str:
    return f"{public_id.hex}@{_DOMAIN}"


def is_former(email: str) -> bool:
    """Whether an address is that of someone who took their account away."""
    return email.endswith(f"@{_DOMAIN}")


def name_to_show(name: str, email: str) -> str:
    """A person's name, or that they have left, in the reader's language."""
    return gettext(NAME) if is_former(email) else name
