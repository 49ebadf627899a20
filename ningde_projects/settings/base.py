"""What holds everywhere. What differs between the tests, one's own machine and a server is in the sibling
modules.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from ningde_projects.settings import env
from ningde_projects.settings.logs import logging_config
from ningde_projects.settings.schedule import BEAT_SCHEDULE

BASE_DIR = Path(__file__).resolve().parents[2]
# Everything that the running system writes outside the database.
STATE_DIR = env.folder("STATE_DIR", BASE_DIR / "var")

DEBUG = False
ROOT_URLCONF = "ningde_projects.urls"
WSGI_APPLICATION = "ningde_projects.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PUBLIC_BASE_URL = env.web_address("PUBLIC_BASE_URL", "http://127.0.0.1:8000")
# Hosts to which notices may be posted (chat robots). Empty: none leaves the house.
OUTBOUND_HOSTS = env.words("OUTBOUND_HOSTS")
# Whom to ask, shown at the foot of every page; and whether the data are made up, which every page then says.
SUPPORT_CONTACT = env.text("SUPPORT_CONTACT", "")
DEMONSTRATION = env.flag("DEMONSTRATION", False)

# --- Rooms ----------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "django_htmx",
    "csp",
    "guardian",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "pgtrigger",
    "pghistory",
    "ningde_projects.operations",
    "ningde_projects.periods",
    "ningde_projects.organizations",
    "ningde_projects.workflow",
    "ningde_projects.notices",
    "ningde_projects.documents",
    "ningde_projects.projects",
    "ningde_projects.shell",
    "ningde_projects.signin",
    "reserve",
    "hookups",
    "reports",
    "dispatch",
]

MIDDLEWARE = [
    # Before everything that may answer by itself, so that files and error pages carry the headers too.
    "ningde_projects.security.request_ids.RequestIdMiddleware",
    "ningde_projects.security.headers.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Gives bare refusals from anywhere below the house's page.
    "ningde_projects.shell.middleware.ErrorPagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "ningde_projects.language.CookieLocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "ningde_projects.organizations.middleware.ActorMiddleware",
    # Deny by default: a view that anyone may open says so with login_not_required.
    "ningde_projects.signin.middleware.SignInMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Last, as its documentation demands: it turns a lock-out raised below into a page.
    "axes.middleware.AxesMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ningde_projects.shell.context_processors.shell",
            ],
        },
    },
]

# --- Data -----------------------------------------------------------------------------------------

# manage.py sets it for the commands that change the schema; everything else runs as a role that owns no
# table.
AS_OWNER = env.flag("ACT_AS_OWNER", False)
DATABASES = {"default": env.database("DATABASE_OWNER_URL" if AS_OWNER else "DATABASE_URL")}
_statement_seconds = env.number("DATABASE_STATEMENT_SECONDS", 15, at_least=1, at_most=3600)
DATABASES["default"] |= {"ATOMIC_REQUESTS": False, "CONN_MAX_AGE": 300, "CONN_HEALTH_CHECKS": True}
DATABASES["default"]["OPTIONS"] |= {"connect_timeout": 3}
if not AS_OWNER:
    DATABASES["default"]["OPTIONS"]["options"] = (
        f"-c statement_timeout={_statement_seconds}s -c lock_timeout=3s"
        " -c idle_in_transaction_session_timeout=10s"
    )
RUNTIME_ROLE_CHECK = False

# The cache and the wake-ups may vanish at any time: nothing that must be kept lives there.
REDIS = env.redis("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "ningde_projects.operations.cache.ForgivingRedisCache",
        "LOCATION": REDIS.cache,
        "KEY_PREFIX": "nd",
        "TIMEOUT": 300,
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
    }
}

MEDIA_ROOT = env.folder("MEDIA_ROOT", STATE_DIR / "media")
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
UPLOAD_MAX_BYTES = 20 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# --- Language and time ----------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "nd_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- Pages and files ------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = env.folder("STATIC_ROOT", BASE_DIR / "staticfiles")
STATICFILES_DIRS = [BASE_DIR / "static"]
# Icons are written into the page from these files; a font of all of them would weigh 17 MB.
ICONS_DIR = BASE_DIR / "node_modules" / "@tabler" / "icons" / "icons"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# --- People ---------------------------------------------------------------------------------------

AUTH_USER_MODEL = "organizations.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
# One only: an older kind of hash would give its owner away by the time that checking it takes.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "ningde_projects.signin.validators.LengthValidator"},
    {"NAME": "ningde_projects.signin.validators.CharacterClassesValidator"},
    {"NAME": "ningde_projects.signin.validators.GuessableValidator"},
    {"NAME": "ningde_projects.signin.validators.HistoryValidator"},
]
PASSWORD_HISTORY = 5
PASSWORD_MAX_AGE_DAYS = env.number("PASSWORD_MAX_AGE_DAYS", 90, at_least=0, at_most=3650)  # 0: no age
PASSWORD_RESET_TIMEOUT = 24 * 3600

LOGIN_URL = "signin:sign_in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
# Of allauth only the table of second factors is used; the pages are ours.
MFA_ADAPTER = "ningde_projects.signin.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "ningde-projects"
MFA_TOTP_TOLERANCE = 1
# Duties that cannot be done without a second factor; "none" asks nobody for one.
SECOND_FACTOR_DUTIES = env.words("SECOND_FACTOR_DUTIES", ["admin_system", "admin_security", "admin_audit"])

# Ten failures lock a name at an address for a quarter of an hour: the name alone would let anyone lock anyone
# out, the address alone a whole county behind one. Kept in the database: a restarted broker forgives nothing.
AXES_HANDLER = "ningde_projects.signin.throttle.Handler"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
NAME_FAILURE_LIMIT = 50  # of one name from all addresses
ADDRESS_FAILURE_LIMIT = 100  # from one address, whatever the names
AXES_LOCKOUT_CALLABLE = "ningde_projects.signin.views.signing.locked"
AXES_SENSITIVE_PARAMETERS = ["code", "kept", "csrfmiddlewaretoken"]
AXES_DISABLE_ACCESS_LOG = True  # the event log has them
AXES_USERNAME_FORM_FIELD = "username"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_HTTP_RESPONSE_CODE = 429
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "ningde_projects.security.addresses.client_address"
# The reverse proxies whose X-Forwarded-For is believed; from anyone else the header is only text.
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES")

ANONYMOUS_USER_NAME = None  # guardian: no shared account
GUARDIAN_RAISE_403 = False

SESSION_ENGINE = "ningde_projects.signin.store"
SESSION_COOKIE_NAME = "nd_session"
SESSION_IDLE_SECONDS = 30 * 60
SESSION_IDLE_SECONDS_ADMINISTRATOR = 15 * 60
SESSION_LONGEST_SECONDS = 8 * 3600
SESSIONS_AT_ONCE = 3
SESSIONS_AT_ONCE_ADMINISTRATOR = 1
SESSION_COOKIE_AGE = SESSION_LONGEST_SECONDS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "nd_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "ningde_projects.shell.csrf_failure.csrf_failure"

# --- What the browser is told ---------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        # Tabler draws its arrows and ticks from data: pictures inside its style sheet.
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- API ------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    # No browsable API: it needs inline scripts and shows forms for everything.
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 50,
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Ningde key construction projects",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# --- Tasks ----------------------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS.broker
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Longer than the longest task; a killed worker's task comes back after it (kombu's default is an hour).
    "visibility_timeout": 900,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 1,
    "socket_timeout": 30,
    # A page does not wait for an absent broker; what it wanted done is in the outbox.
    "max_retries": 0,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A task whose broker has gone comes again from the broker; going on with it too would do it twice at once.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_STORE_ERRORS_EVEN_IF_IGNORED = False
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TIMEZONE = TIME_ZONE
CELERY_ENABLE_UTC = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE
CELERY_BEAT_SCHEDULER = "ningde_projects.operations.heartbeats.BeatingScheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(STATE_DIR / "beat-schedule")
# Beat wakes at least this often, and its heartbeat with it.
CELERY_BEAT_MAX_LOOP_INTERVAL = 5

# --- Letters --------------------------------------------------------------------------------------

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", 25, at_least=1, at_most=65535)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.choice("EMAIL_SECURITY", ["none", "starttls", "tls"], "none") == "starttls"
EMAIL_USE_SSL = env.choice("EMAIL_SECURITY", ["none", "starttls", "tls"], "none") == "tls"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "ningde-projects@localhost")

LOGGING = logging_config(env.choice("LOG_LEVEL", ["DEBUG", "INFO", "WARNING", "ERROR"], "INFO"))
