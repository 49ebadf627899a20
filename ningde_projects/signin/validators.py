"""Rules for passwords (B2, B3), each a validator of Django's AUTH_PASSWORD_VALIDATORS.

Composition and history are what GB/T 22239 level 3 asks for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ningde_projects.organizations.models import User

from .weak_words import WEAK_WORDS

SHORTEST, LONGEST = 12, 128
#: This much must remain of a password when everything guessable is taken out.
REMAINDER = 8
DIFFERENT = 6
_LEET = str.maketrans("013457@$!", "oieastasi")
_SHIFTED = str.maketrans("!@#$%^&*()", "1234567890")
_YEAR = re.compile(r"(19|20)\d\d")
_REPEAT = re.compile(r"(.)\1{2,}")
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb",
)


class LengthValidator:
    """Longer than the longest would only keep the hasher busy."""

    def validate(self, password: str, user: Any = None) -> None:
        if not SHORTEST <= len(password) <= LONGEST:
            raise ValidationError(self.get_help_text(), code="password_length")

    def get_help_text(self) -> str:
        return _("%(shortest)d to %(longest)d characters.") % {"shortest": SHORTEST, "longest": LONGEST}


class CharacterClassesValidator:
    """Three of: capitals, small letters, digits, anything else."""

    def validate(self, password: str, user: Any = None) -> None:
        kinds = {_kind(letter) for letter in password}
        if len(kinds) < 3:  # noqa: PLR2004 - the rule's own figure
            raise ValidationError(self.get_help_text(), code="password_too_uniform")

    def get_help_text(self) -> str:
        return _("Use at least three of: capital letters, small letters, digits, other signs.")


def _kind(letter: str) -> str:
    if letter.isascii() and letter.isalpha():
        return "capital" if letter.isupper() else "small"
    return "digit" if letter.isdecimal() else "other"


class GuessableValidator(CommonPasswordValidator):
    """Takes out what an attacker who knows Ningde tries first; enough must remain.

    On top of the twenty thousand commonest passwords, also with digits and signs put round them.
    """

    def validate(self, password: str, user: Any = None) -> None:
        text = unicodedata.normalize("NFKC", password).casefold()
        core = text.strip("0123456789!@#$%^&*()-_=+.,;:?/ ").translate(_LEET)
        common = text in self.passwords or (len(core) > 3 and core in self.passwords)  # noqa: PLR2004
        rest = remainder(text, own_words(user) if isinstance(user, User) else ())
        if common or len(rest) < REMAINDER or len(set(rest)) < DIFFERENT:
            raise ValidationError(self.get_help_text(), code="password_guessable")

    def get_help_text(self) -> str:
        return _(
            "Not easy to guess: without names, places, accounts, telephone numbers, years, keyboard rows and common "
            "words, at least %(n)d characters must remain."
        ) % {"n": REMAINDER}


def remainder(text: str, own: Iterable[str] = ()) -> str:
    """What is left of a password in small letters once everything guessable is out.

    Read three ways, each letter for a letter: as it stands, with figures and signs for letters (p@ssw0rd), and with
    the signs on the figure keys for the figures (!qaz for 1qaz).
    """
    words = {*WEAK_WORDS, *own}
    rows = {word for row in _ROWS for word in _runs(row)}
    gone: set[int] = set()
    for reading in (text, text.translate(_LEET), text.translate(_SHIFTED)):
        for word in words | rows:
            gone |= _places(reading, word)
        for pattern in (_YEAR, _REPEAT):
            for found in pattern.finditer(reading):
                gone |= set(range(*found.span()))
    return "".join(letter for place, letter in enumerate(text) if place not in gone)


def _places(text: str, word: str) -> set[int]:
    """Every place of a text that belongs to the word."""
    places: set[int] = set()
    start = text.find(word)
    while start >= 0:
        places |= set(range(start, start + len(word)))
        start = text.find(word, start + 1)
    return places


def _runs(row: str) -> set[str]:
    """Four keys in a row, either way; longer runs are made of these."""
    return {way[start : start + 4] for way in (row, row[::-1]) for start in range(len(row) - 3)}


def own_words(user: User) -> set[str]:
    """What stands on the person's door and visiting card."""
    words = {*user.username.split("_"), user.username, user.name, user.email.split("@")[0]}
    if user.organisation_id:
        words |= {user.organisation.short_name, user.organisation.name}
    digits = "".join(letter for letter in user.phone if letter.isdecimal())
    if len(digits) >= 8:  # noqa: PLR2004 - shorter ones are extensions
        words |= {digits, digits[-8:], digits[-6:], digits[:3] + digits[-4:]}
    return {word.casefold() for word in words if len(word) >= (2 if not word.isascii() else 3)}


class HistoryValidator:
    """The last ones are not used again, the present one included."""

    def validate(self, password: str, user: Any = None) -> None:
        if not isinstance(user, User) or user.pk is None:
            return
        past = user.past_passwords.order_by("-at", "-pk").values_list("password", flat=True)
        for encoded in [user.password, *past[: settings.PASSWORD_HISTORY - 1]]:
            if encoded and check_password(password, encoded):
                raise ValidationError(self.get_help_text(), code="password_used_before")

    def get_help_text(self) -> str:
        n = settings.PASSWORD_HISTORY
        return ngettext("Not your present one.", "Not one of your last %(n)d.", n) % {"n": n}
