"""How django-allauth behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Staff accounts are made by `manage.py createsuperuser`, all others sign up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return True
