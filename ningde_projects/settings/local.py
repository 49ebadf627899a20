"""`make run`: one's own machine, plain http on 127.0.0.1, everything else as in production."""

from ningde_projects.settings import env
from ningde_projects.settings.base import *  # noqa: F403
from ningde_projects.settings.base import AS_OWNER, INSTALLED_APPS

DEBUG = env.flag("DEBUG", False)
SECRET_KEY = env.secret("SECRET_KEY")
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
DEMONSTRATION = env.flag("DEMONSTRATION", True)
RUNTIME_ROLE_CHECK = not AS_OWNER
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
# A passkey can be tried on one's own machine, where browsers take plain http for safe.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True

if DEBUG:
    INSTALLED_APPS += ["django.contrib.admin"]
