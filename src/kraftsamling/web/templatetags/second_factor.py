"""Tags about the visitor's own account."""

from typing import Any

from django import template
from django.template.context import Context

from kraftsamling.web.account.second_factor import lacks_one

register = template.Library()


@register.inclusion_tag("account/_second_factor_nudge.html", takes_context=True)
def second_factor_nudge(context: Context) -> dict[str, Any]:
    """A word to those who handle others' data and sign in with nothing but their mailbox."""
    return {"is_shown": lacks_one(context["request"])}
