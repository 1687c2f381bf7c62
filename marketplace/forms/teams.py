"""Inviting into a team and changing a role."""

from django import forms

from accounts.models import Membership

# The widest role last, so that nobody gives it by leaving the choice as it is.
ROLES = [
    (role.value, role.label)
    for role in (
        Membership.Role.VIEWER,
        Membership.Role.REVIEWER,
        Membership.Role.FINANCE,
        Membership.Role.MANAGER,
        Membership.Role.OWNER,
    )
]


class InviteForm(forms.Form):
    email = forms.EmailField(label="E-mail address", max_length=254)
    role = forms.ChoiceField(label="Role", choices=ROLES)


class RoleForm(forms.Form):
    role = forms.ChoiceField(label="Role", choices=ROLES)
