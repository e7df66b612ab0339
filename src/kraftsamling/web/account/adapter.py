"""How the sign-in library meets our rooms."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves: an invitation is the only door."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
