"""How allauth keeps the secrets of second factors: encrypted, so that a copy of the table gives no codes away."""

from __future__ import annotations

import base64

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.crypto import salted_hmac

#: Names the scheme, so that another can follow without guessing what an old value is.
PREFIX = "fernet1$"
_SALT = "ningde_projects.signin.factor"


def _box() -> MultiFernet:
    """The present key first; earlier ones (SECRET_KEY_FALLBACKS) still open what they closed."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (salted_hmac(_SALT, "", secret=key, algorithm="sha256").digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """MFA_ADAPTER."""

    def encrypt(self, text: str) -> str:
        return PREFIX + _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        if not encrypted_text.startswith(PREFIX):
            raise ValueError("a second factor's secret is not encrypted")
        return _box().decrypt(encrypted_text.removeprefix(PREFIX).encode()).decode()

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return user.get_username()
