"""A server behind a reverse proxy that ends TLS. Does not start without its secrets and addresses."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from ningde_projects.settings import env
from ningde_projects.settings.base import *  # noqa: F403
from ningde_projects.settings.base import AS_OWNER

if env.flag("DEBUG", False):
    raise ImproperlyConfigured("DEBUG cannot be switched on in production.")

SECRET_KEY = env.secret("SECRET_KEY", minimum=50)
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
PUBLIC_BASE_URL = env.web_address("PUBLIC_BASE_URL")
if urlsplit(PUBLIC_BASE_URL).scheme != "https":
    raise ImproperlyConfigured("PUBLIC_BASE_URL must begin with https://.")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", [str(urlsplit(PUBLIC_BASE_URL).hostname)])
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts; * would accept any.")
CSRF_TRUSTED_ORIGINS = [PUBLIC_BASE_URL]
RUNTIME_ROLE_CHECK = not AS_OWNER

# The proxy sets this header itself and drops the client's.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked from inside, without the proxy
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_NAME = "__Host-nd_session"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-nd_csrf"
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
