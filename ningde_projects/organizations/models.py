"""Places, organisations, users, duties and delegations (measures.md §0, settled points 1, 14, 15)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .duties import ADMIN_DUTIES, Duty, OrgKind


class Place(models.Model):
    """One of the ten reporting places, or the municipal level. The key is ours, never the GB code (point 1)."""

    code = models.CharField(_("key"), max_length=4, unique=True)
    name = models.CharField(_("name"), max_length=40, unique=True)
    short_name = models.CharField(_("short name"), max_length=10)
    gb_code = models.CharField(_("GB/T 2260 code"), max_length=6)
    stat_code = models.CharField(_("statistics code"), max_length=9, blank=True)
    is_municipal = models.BooleanField(default=False)
    is_dev_zone = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(unique=True)

    class Meta:
        ordering: ClassVar = ["order"]

    def __str__(self) -> str:
        return self.name


class Industry(models.Model):
    """One of the seven industries of facts.md §5.6."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(_("industry"), max_length=20, unique=True)
    order = models.PositiveSmallIntegerField(unique=True)

    class Meta:
        ordering: ClassVar = ["order"]

    def __str__(self) -> str:
        return self.name


# The group chat's address and secret let anyone write into the chat; the row history does not keep them.
@pghistory.track(exclude=["chat_address", "chat_secret"])
class Organisation(models.Model):
    """An office, an enterprise or a body. Never deleted: a closed one keeps its history."""

    record_administrative = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=80)
    short_name = models.CharField(_("short name"), max_length=30)
    kind = models.CharField(_("kind"), max_length=24, choices=OrgKind.choices)
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, related_name="organisations", verbose_name=_("place")
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent"),
    )
    industries = models.ManyToManyField(
        Industry, blank=True, related_name="departments", verbose_name=_("industries")
    )
    is_factor_department = models.BooleanField(_("factor-supply department"), default=False)
    is_municipal_enterprise = models.BooleanField(_("municipal state-owned enterprise"), default=False)
    credit_code = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    chat_channel = models.CharField(_("group-chat channel"), max_length=12, blank=True)
    chat_address = models.CharField(_("group-chat address"), max_length=300, blank=True)
    chat_secret = models.CharField(_("signing secret of the group chat"), max_length=100, blank=True)
    is_sample = models.BooleanField(default=False, help_text="Stands in for an owner that is not published")
    is_active = models.BooleanField(_("active"), default=True)
    order = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["place__order", "order", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["place", "name"], name="organisation_name_once_per_place"),
            models.UniqueConstraint(
                fields=["place", "kind"],
                condition=Q(
                    kind__in=["county_government", "county_bureau", "commission", "municipal_government"]
                ),
                name="organisation_one_chain_office_per_place",
            ),
        ]

    def __str__(self) -> str:
        return self.name


username_validator = RegexValidator(
    r"^[a-z][a-z0-9_]{2,29}$",
    _("3–30 characters: small letters, digits and underscore, beginning with a letter."),
)


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=(username or "").strip().lower())


class Rank(models.TextChoices):
    """Ranks that the hookup rules ask for (M3.1–M3.3)."""

    COUNTY_HEAD = "county_head", _("County division head (chief)")
    COUNTY = "county", _("County division level")
    TOWNSHIP = "township", _("Township section level")
    STAFF = "staff", _("Section member")
    NONE = "", _("Not stated")


@pghistory.track(exclude=["password", "last_login"])
class User(AbstractBaseUser, PermissionsMixin):
    """One account is one person; a login is never used again for another."""

    record_administrative = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    username = models.CharField(_("account"), max_length=30, unique=True, validators=[username_validator])
    name = models.CharField(_("name"), max_length=30)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="people", verbose_name=_("organisation")
    )
    section = models.CharField(_("section"), max_length=40, blank=True)
    title = models.CharField(_("position"), max_length=40, blank=True)
    rank = models.CharField(_("rank"), max_length=12, choices=Rank.choices, blank=True, default=Rank.NONE)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    channels = models.JSONField(default=list, blank=True, help_text="Outgoing channels that the person chose")
    language = models.CharField(max_length=10, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    must_change_password = models.BooleanField(default=True)
    password_changed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True, help_text="Unused for too long")
    reopened_at = models.DateTimeField(null=True, blank=True, help_text="When the last suspension ended")
    version = models.PositiveIntegerField(default=1)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        ordering: ClassVar = ["organisation__place__order", "organisation__order", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(suspended_at__isnull=True) | Q(is_active=False, closed_at__isnull=True),
                name="user_suspended_is_shut_and_not_closed",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def clean(self) -> None:
        self.username = self.username.strip().lower()

    @property
    def is_staff(self) -> bool:
        """The Django admin is for development only; nobody is staff."""
        return False


class PastPassword(models.Model):
    """Hashes of earlier passwords, so that the last ones are not used again."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="past_passwords")
    password = models.CharField(max_length=128)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-at"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.at:%Y-%m-%d}"


@pghistory.track()
class Assignment(models.Model):
    """A duty that a user holds for an organisation, in a span of time. Ended, never deleted (point 15)."""

    record_administrative = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("person")
    )
    duty = models.CharField(_("duty"), max_length=16, choices=Duty.choices)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("organisation")
    )
    valid_from = models.DateTimeField(_("from"))
    valid_to = models.DateTimeField(_("until"), null=True, blank=True)
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["user", "duty", "valid_from"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="assignment_span_not_reversed",
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(duty__in=sorted(ADMIN_DUTIES), revoked_at__isnull=True),
                name="assignment_one_administrator_duty",
            ),
            models.UniqueConstraint(
                fields=["user", "duty", "organisation"],
                condition=Q(revoked_at__isnull=True, valid_to__isnull=True),
                name="assignment_not_twice",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["organisation", "duty"], name="assignment_holders_of_duty")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.duty}"

    def holds(self, at: datetime) -> bool:
        ended = (self.valid_to is not None and self.valid_to <= at) or self.revoked_at is not None
        return self.valid_from <= at and not ended


@pghistory.track()
class Delegation(models.Model):
    """Acting for another, bounded in time; both names go into the record (settled point 14)."""

    record_administrative = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    principal = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="delegations_given", verbose_name=_("for whom")
    )
    delegate = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="delegations_held", verbose_name=_("acting person")
    )
    duty = models.CharField(_("duty"), max_length=16, choices=Duty.choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateTimeField(_("from"))
    valid_to = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=200)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-valid_from"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__gt=F("valid_from")), name="delegation_span_not_reversed"
            ),
            models.CheckConstraint(condition=~Q(principal=F("delegate")), name="delegation_not_to_oneself"),
            models.CheckConstraint(
                condition=~Q(duty__in=sorted(ADMIN_DUTIES)), name="delegation_never_of_administration"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delegate_id} for {self.principal_id} ({self.duty})"
