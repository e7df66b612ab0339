"""Why an act on people is refused, in words for the one who tried."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class Refusal(Exception):
    """Nothing was written. `reason` says why and what to do, in the reader's language."""

    reason: Any = ""

    def __init__(self, reason: Any = None) -> None:
        if reason is not None:
            self.reason = reason
        super().__init__(str(self.reason))


class NotAllowed(Refusal):
    """The one who acts does not hold the permission."""

    reason = _("Du har inte behörighet att göra det här.")


class GivesTooMuch(Refusal):
    """The role holds permissions that the giver does not: nobody gives more than they have."""

    reason = _("Du kan bara ge roller vars behörigheter du själv har.")


class Invalid(Refusal):
    """A value is missing, too long or of the wrong form."""

    @classmethod
    def from_validation(cls, error: ValidationError) -> "Invalid":
        return cls(" ".join(error.messages))
