"""Users, brands and the roles users have in brands."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who logs in with an e-mail address."""

    class Side(models.TextChoices):
        """Why the person signed up; decides which pages greet them, grants nothing."""

        BRAND = "brand", "I hire creators"
        CREATOR = "creator", "I am a creator"
        STAFF = "staff", "Moderation"

    email = models.EmailField("e-mail", unique=True)
    name = models.CharField(max_length=120, blank=True)
    side = models.CharField(max_length=10, choices=Side, default=Side.BRAND)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField("moderator", default=False)
    date_joined = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique_without_case"),
        ]

    def __str__(self) -> str:
        return self.name or self.email


class Brand(models.Model):
    """A company that hires creators."""

    name = models.CharField(max_length=120)
    description = models.TextField(blank=True, max_length=4000)
    website = models.URLField(blank=True)
    currency = models.CharField(max_length=3, default="EUR")
    is_simulated = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    members = models.ManyToManyField(User, through="Membership", related_name="brands")

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """What one user may do in one brand. A brand keeps at least one owner (services/teams.py)."""

    class Role(models.TextChoices):
        OWNER = "owner", "Owner"
        MANAGER = "manager", "Manager"
        REVIEWER = "reviewer", "Reviewer"
        FINANCE = "finance", "Finance"
        VIEWER = "viewer", "Viewer"

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "user"], name="one_membership_per_brand"),
            models.CheckConstraint(
                condition=models.Q(
                    role__in=["owner", "manager", "reviewer", "finance", "viewer"],
                ),
                name="membership_role_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} of {self.brand}"
