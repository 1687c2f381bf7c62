"""Users, brands and teams."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminURLInputWidget

from accounts.models import Brand, Membership, User
from marketplace.admin.reading import Desk, ReadOnlyTable
from scoring.interactions.thinning import deleting_brands


class NewUserForm(UserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name", "side")


class UserForm(UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"


class MembershipsOfUser(ReadOnlyTable):
    model = Membership
    fields = ("brand", "role", "created_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).select_related("brand", "user")


@admin.register(User)
class UserAdmin(DjangoUserAdmin, Desk):
    form = UserForm
    add_form = NewUserForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("email", "name", "side", "is_active", "is_staff", "date_joined")
    list_filter = ("side", "is_active", "is_staff", "is_superuser", "groups")
    search_fields = ("email", "name")
    ordering = ("-date_joined", "-pk")
    date_hierarchy = "date_joined"
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ("groups", "user_permissions")
    inlines = (MembershipsOfUser,)
    fieldsets = (
        (None, {"fields": ("email", "password", "name", "side")}),
        ("Rights", {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        ("Times", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "name", "side", "usable_password", "password1", "password2")}),
    )


class TeamTable(ReadOnlyTable):
    """Teams are changed on the team page, which keeps each brand an owner."""

    model = Membership
    fields = ("user", "role", "created_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).select_related("brand", "user")


@admin.register(Brand)
class BrandAdmin(Desk):
    list_display = ("name", "currency", "website", "is_simulated", "created_at")
    list_filter = ("is_simulated", "currency")
    search_fields = ("name", "memberships__user__email")
    ordering = ("-created_at", "-pk")
    readonly_fields = ("is_simulated", "created_at")
    formfield_overrides = {
        models.URLField: {"assume_scheme": "https", "widget": UnfoldAdminURLInputWidget}
    }
    inlines = (TeamTable,)

    def delete_model(self, request: HttpRequest, obj: Brand) -> None:
        with transaction.atomic(), deleting_brands():
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Brand]) -> None:
        with transaction.atomic(), deleting_brands():
            super().delete_queryset(request, queryset)
