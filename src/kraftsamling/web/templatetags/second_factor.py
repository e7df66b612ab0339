"""Tags about keys, codes and the reminder to have some."""

from typing import Any
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.template.context import Context
from django.urls import reverse

from kraftsamling.web.account.second_factor import lacks_one

register = template.Library()


@register.inclusion_tag("account/_second_factor_nudge.html", takes_context=True)
def second_factor_nudge(context: Context) -> dict[str, Any]:
    """A word to those who handle others' data and sign in with nothing but their mailbox."""
    return {"is_shown": lacks_one(context["request"])}


@register.simple_tag(takes_context=True)
def where_passkeys_work(context: Context) -> str:
    """The sign-in page under the name that passkeys are bound to, or '' when this is it.

    A browser offers a passkey to that name alone: not to 127.0.0.1, nor to a second name.
    """
    asked = urlsplit(f"//{context['request'].get_host()}").hostname
    if asked == (urlsplit(settings.BASE_URL).hostname or "localhost"):
        return ""
    return f"{settings.BASE_URL}{reverse('account_login')}"
