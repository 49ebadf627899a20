"""Choices of this browser: width of the navigation, single-key commands. Kept in cookies, nothing personal
in them.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase

NAV_COOKIE = "nd_nav"
KEYS_COOKIE = "nd_keys"
A_YEAR = 365 * 24 * 3600
CHOICES = {NAV_COOKIE: ("wide", "rail"), KEYS_COOKIE: ("on", "off")}


def rail(request: HttpRequest) -> bool | None:
    """``None``: no choice made, the page decides."""
    return {"rail": True, "wide": False}.get(request.COOKIES.get(NAV_COOKIE, ""))


def single_keys(request: HttpRequest) -> bool:
    return request.COOKIES.get(KEYS_COOKIE) != "off"


def keep(request: HttpRequest, response: HttpResponseBase, name: str, value: str) -> bool:
    """Set the cookie if name and value are known ones. app.js writes the same cookies, hence not HttpOnly."""
    if value not in CHOICES.get(name, ()):
        return False
    response.set_cookie(name, value, max_age=A_YEAR, samesite="Lax", secure=request.is_secure())
    return True
