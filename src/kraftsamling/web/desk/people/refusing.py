"""A refusal of the room, as words on a form or in a message."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from kraftsamling.people.refusals import Refusal


def tried(form: forms.Form, act: Callable[[], Any]) -> bool:
    """Whether the act was done; if refused, the form says why."""
    try:
        act()
    except Refusal as refusal:
        form.add_error(None, str(refusal.reason))
        return False
    return True


def told(request: HttpRequest, act: Callable[[], Any], *, done: str) -> None:
    """Do it and say so; if refused, say why. For buttons without a form of their own."""
    try:
        act()
    except Refusal as refusal:
        messages.error(request, str(refusal.reason))
    else:
        messages.success(request, done)
