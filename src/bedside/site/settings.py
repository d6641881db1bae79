"""Django's settings, read once from the environment (`environment.py` has the table of variables)."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.functional import SimpleLazyObject

from bedside.site.environment import database_settings, read_environment
from bedside.site.keys import secret_key
from bedside.site.mail_url import read_mail_url

SITE = Path(__file__).parent
ENVIRONMENT = read_environment(os.environ)
DATA = ENVIRONMENT.data
CONTENT = ENVIRONMENT.content  # None: looked for
DRAFTS = ENVIRONMENT.has_drafts
IS_LOCAL = ENVIRONMENT.is_local

DEBUG = ENVIRONMENT.is_debug
# read or made when first needed, so that `bedside --help` and the tests leave no file behind
SECRET_KEY = SimpleLazyObject(lambda: secret_key(DATA))
ALLOWED_HOSTS = list(ENVIRONMENT.hosts)
ROOT_URLCONF = "bedside.site.urls"
WSGI_APPLICATION = "bedside.site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": database_settings(ENVIRONMENT)}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "bedside.site.accounts",
    "bedside.site.library",
    "bedside.site.exam",
    "bedside.site.practice",
    "bedside.site.cards",
    "bedside.site.study",
    "bedside.site.decks",
    "bedside.site.cases",
    "bedside.site.passing",
    "bedside.site.planning",
    "bedside.site.reflection",
    "bedside.site.progress",
    "bedside.site.pathway",
    "bedside.site.papers",
    "bedside.site.road",
    "bedside.site.matching",
    "bedside.site.carrying",
    "bedside.site.shelf",
    "bedside.site.today",
    "bedside.site.reminding",
    "bedside.site.office",
    "bedside.site.registration",
    "bedside.site.bankroom",
    "bedside.site.journeys",
    *([] if IS_LOCAL else ["axes"]),
]
MIDDLEWARE = [
    "bedside.site.middleware.TimedSaving",
    "bedside.site.middleware.JsonErrors",
    "django.middleware.security.SecurityMiddleware",
    "bedside.site.middleware.StandingPolicy",
    "bedside.site.middleware.KnownHosts",  # before the static files, which ask for no host
    "bedside.site.middleware.CompressedResponses",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "bedside.site.middleware.PageLanguage",
    "bedside.site.middleware.PageAddresses",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    *(["bedside.site.middleware.LocalLearner"] if IS_LOCAL else []),
    "bedside.site.accounts.guard.OfficeDoor",
    "bedside.site.middleware.PageMessages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "bedside.site.middleware.StoreFailures",
    *([] if IS_LOCAL else ["axes.middleware.AxesMiddleware"]),  # last, as it must be
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [SITE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# --- people
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",  # argon2id
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if not IS_LOCAL:  # a brake on guessing: five wrong passwords for a name from one address, then a rest
    AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
    AXES_FAILURE_LIMIT = 5
    AXES_COOLOFF_TIME = timedelta(minutes=15)
    AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # a room behind one address is not locked out by one of them
    AXES_LOCKOUT_CALLABLE = "bedside.site.accounts.brake.too_many_tries"
    AXES_RESET_ON_SUCCESS = True
    AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
    AXES_DISABLE_ACCESS_LOG = True  # sign-ins stand in the audit log, without addresses
    AXES_VERBOSE = False

# --- what a browser is told
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_NAME = "bedside_session"
CSRF_COOKIE_NAME = "bedside_csrf"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
if not IS_LOCAL:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000  # a year, as hstspreload.org asks
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # the server keeps it from BEDSIDE_PROXY only

# --- what a browser is sent
STATIC_URL = "/static/"
STATICFILES_DIRS = [SITE / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0 if IS_LOCAL else 600  # 0: asked for anew, answered 304; the names carry no hash

# --- mail
_MAIL = read_mail_url(ENVIRONMENT.email_url)
ADDRESS = ENVIRONMENT.address
CAN_MAIL = bool(_MAIL.backend)
EMAIL_BACKEND = _MAIL.backend or "django.core.mail.backends.dummy.EmailBackend"
EMAIL_HOST, EMAIL_PORT = _MAIL.host, _MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.user, _MAIL.password
EMAIL_USE_SSL, EMAIL_USE_TLS = _MAIL.is_tls, _MAIL.is_starttls
EMAIL_FILE_PATH = _MAIL.folder or None
EMAIL_TIMEOUT = 15  # seconds that a mail server has to answer
DEFAULT_FROM_EMAIL = ENVIRONMENT.email_from

# --- limits of a request
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024  # 500 events with their highlights stay far below
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

# --- language and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "loggers": {
        "bedside": {"handlers": ["stderr"], "level": ENVIRONMENT.log_level, "propagate": False},
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},  # a call that was refused is no news for whoever runs the server
        # strangers try names all day; without a handler the last resort of `logging` would print a traceback for each
        "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
        "axes": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "waitress": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "waitress.queue": {"level": "ERROR"},  # a line for each call that has to wait for a thread would only add to the wait
    },
}
