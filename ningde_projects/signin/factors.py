"""One-time codes: TOTP of RFC 6238 and recovery codes, on allauth's table of authenticators.

allauth remembers used codes in the cache, which may vanish; here the last step used is kept beside the secret, so
that each code is good once whatever restarts (B8). The instant is given, not read.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime

import qrcode
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt, encrypt
from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare

from ningde_projects.organizations.models import User

PERIOD = 30
TOTP = Authenticator.Type.TOTP
RECOVERY = Authenticator.Type.RECOVERY_CODES


def normalised(code: str) -> str:
    """As typed on a phone, in a Chinese input method, in groups."""
    return "".join(unicodedata.normalize("NFKC", code).split())


def matching_step(secret: str, code: str, at: datetime, *, after: int = 0) -> int | None:
    """The time step whose code this is, later than `after`; one step early or late is forgiven."""
    now = int(at.timestamp()) // PERIOD
    tolerance = settings.MFA_TOTP_TOLERANCE
    for step in range(now - tolerance, now + tolerance + 1):
        if step > after and constant_time_compare(code, format_hotp_value(hotp_value(secret, step))):
            return step
    return None


def has_factor(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type=TOTP).exists())


@transaction.atomic
def use_code(user: User, typed: str, at: datetime) -> str:
    """Use up a code: "totp", "recovery", or "" when it is none, or none any more."""
    code = normalised(typed)
    if not code.isascii() or not code.isdecimal():
        return ""
    row = Authenticator.objects.select_for_update().filter(user=user, type=TOTP).first()
    if row is None:
        return ""
    step = matching_step(decrypt(row.data["secret"]), code, at, after=row.data.get("last_step", 0))
    if step is not None:
        row.data["last_step"] = step
        row.last_used_at = at
        row.save(update_fields=["data", "last_used_at"])
        return "totp"
    spare = Authenticator.objects.filter(user=user, type=RECOVERY).first()
    if spare is not None and RecoveryCodes(spare).validate_code(code):
        Authenticator.objects.filter(pk=spare.pk).update(last_used_at=at)
        return "recovery"
    return ""


def new_secret() -> str:
    """A secret not yet anybody's, in the form in which it waits in the session."""
    return str(encrypt(generate_totp_secret()))


def readable(kept: str) -> str:
    return str(decrypt(kept))


def keep(user: User, kept: str, at: datetime, *, step: int) -> list[str]:
    """Make the secret the person's; answers the recovery codes, which are new with it."""
    Authenticator.objects.filter(user=user, type=TOTP).delete()
    Authenticator.objects.create(
        user=user, type=TOTP, data={"secret": kept, "last_step": step}, created_at=at
    )
    return new_recovery_codes(user)


def new_recovery_codes(user: User) -> list[str]:
    Authenticator.objects.filter(user=user, type=RECOVERY).delete()
    return [str(code) for code in RecoveryCodes.activate(user).generate_codes()]


def recovery_codes_left(user: User) -> int:
    row = Authenticator.objects.filter(user=user, type=RECOVERY).first()
    return len(RecoveryCodes(row).get_unused_codes()) if row else 0


def forget(user: User) -> int:
    gone, _ = Authenticator.objects.filter(user=user).delete()
    return int(gone)


def address(user: User, secret: str) -> str:
    """What the picture says: otpauth://totp/…"""
    return str(get_adapter().build_totp_url(user, secret))


def qr_path(text: str) -> tuple[int, str]:
    """The picture as an SVG path and the length of its side; allauth's own carries a style attribute."""
    picture = qrcode.QRCode(border=4, error_correction=qrcode.constants.ERROR_CORRECT_M)
    picture.add_data(text)
    picture.make(fit=True)
    matrix = picture.get_matrix()
    dots = (f"M{x} {y}h1v1h-1z" for y, line in enumerate(matrix) for x, dark in enumerate(line) if dark)
    return len(matrix), "".join(dots)
