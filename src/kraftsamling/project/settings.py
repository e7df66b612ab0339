"""Django's settings, made from the configuration. Nothing here is set by hand per machine."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import django.conf.locale
from csp.constants import NONE, SELF

from kraftsamling.kit.languages import LANGUAGES as CITY_LANGUAGES
from kraftsamling.project.configuration import read_configuration

CONFIGURATION = read_configuration()
PACKAGE = Path(__file__).resolve().parent.parent
DATA_DIR = CONFIGURATION.data_dir.resolve()

SECRET_KEY = CONFIGURATION.secret_key.get_secret_value()
DEBUG = False
BASE_URL = CONFIGURATION.base_url
_base = urlsplit(BASE_URL)
IS_HTTPS = _base.scheme == "https"
ALLOWED_HOSTS = [
    host
    for host in ("localhost", "127.0.0.1", _base.hostname, *CONFIGURATION.allowed_hosts.split(","))
    if host
]
DEMO = CONFIGURATION.demo

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "kraftsamling.trail",
    "kraftsamling.privacy",
    "kraftsamling.operation",
    "kraftsamling.people",
    "kraftsamling.places",
    "kraftsamling.cycle",
    "kraftsamling.ops",
    "kraftsamling.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kraftsamling.web.middleware.security_headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kraftsamling.web.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kraftsamling.web.middleware.standing",
    "kraftsamling.web.account.second_factor.demanded",
    "kraftsamling.web.middleware.AudienceMiddleware",
]

APPEND_SLASH = True
ROOT_URLCONF = "kraftsamling.project.urls"
WSGI_APPLICATION = "kraftsamling.project.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web/templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kraftsamling.web.context.frame",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES: dict[str, dict[str, Any]] = {"default": dict(CONFIGURATION.database)}
if "sqlite" in DATABASES["default"]["ENGINE"]:
    # Committed means on disk: WAL alone loses acknowledged writes when the power goes.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            "PRAGMA cache_size=-16000; PRAGMA mmap_size=134217728;"
        ),
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    # Rate limits of signing in are counted here: shared by all processes, without another server.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # Above the default of 300 rows: whoever asks often enough could else push their own
        # counters out.
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "ENQUEUE_ON_COMMIT": True}}
JOB_LEASE_SECONDS = CONFIGURATION.job_lease_seconds
JOB_TIME_LIMIT_SECONDS = CONFIGURATION.job_time_limit_seconds

# --- People and signing in -------------------------------------------------------------------
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "sesame.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:home"
LOGOUT_REDIRECT_URL = "city:home"

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
# A browser accepts the __Host- prefix only over HTTPS; a demo on loopback goes without.
SESSION_COOKIE_NAME = "__Host-session" if IS_HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_HTTPS else "csrf"
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CSRF_FAILURE_VIEW = "kraftsamling.web.errors.csrf_failure"

# --- Languages and time ----------------------------------------------------------------------
# Django 5.2 does not know these; names and direction come from our own list.
for _language in CITY_LANGUAGES:
    django.conf.locale.LANG_INFO.setdefault(
        _language.code,
        {
            "bidi": _language.direction == "rtl",
            "code": _language.code,
            "name": _language.autonym,
            "name_local": _language.autonym,
        },
    )
LANGUAGES = [(language.code, language.autonym) for language in CITY_LANGUAGES]
LANGUAGE_CODE = CONFIGURATION.language
LOCALE_PATHS = [PACKAGE / "locale"]
FORMAT_MODULE_PATH = "kraftsamling.web.formats"
USE_I18N = True
TIME_ZONE = CONFIGURATION.time_zone
USE_TZ = True

# --- Files and mail --------------------------------------------------------------------------
# Collected files lie in a folder named after their content (see ops/static.py), and the name is
# part of the address. Where nothing was collected (tests), files come straight from the apps.
STATIC_HOME = DATA_DIR / "static"
_current = STATIC_HOME / "current"
_collected = _current.read_text().strip() if _current.is_file() else ""
STATIC_URL = f"/static/{_collected}/" if _collected else "/static/"
STATIC_ROOT = STATIC_HOME / (_collected or "none")
MEDIA_URL = "/files/"
MEDIA_ROOT = DATA_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = not _collected
WHITENOISE_IMMUTABLE_FILE_TEST = ".*" if _collected else None
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MIMETYPES = {".mjs": "text/javascript", ".pmtiles": "application/octet-stream"}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
MAX_UPLOAD_BYTES = CONFIGURATION.max_upload_mb * 1024 * 1024

DEFAULT_FROM_EMAIL = CONFIGURATION.email_from
# Mail waits in the queue until its transaction is committed; the worker delivers it.
EMAIL_BACKEND = "kraftsamling.ops.jobs.mail.QueuedBackend"
MAIL_DELIVERY_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
if CONFIGURATION.email_url:
    _mail = urlsplit(CONFIGURATION.email_url)
    MAIL_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = _mail.hostname or "localhost"
    EMAIL_PORT = _mail.port or 25
    EMAIL_HOST_USER = unquote(_mail.username or "")
    EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
    EMAIL_USE_TLS = parse_qs(_mail.query).get("tls") == ["1"]
    EMAIL_TIMEOUT = 20

# --- Safe by design --------------------------------------------------------------------------
_map_hosts = [host for host in CONFIGURATION.map_hosts.split(",") if host]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *_map_hosts],
        "connect-src": [SELF, *_map_hosts],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 63072000 if IS_HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"short_requests": {"()": "kraftsamling.web.logs.ShortRequests"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["short_requests"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
}
SILENCED_SYSTEM_CHECKS = [
    # An address is unique whatever its case: the constraint is on lower(email), which the check
    # does not see.
    "auth.W004",
    # The proxy in front redirects to HTTPS. Subdomains and the preload list are the whole
    # municipality's decision, not ours.
    "security.W005",
    "security.W008",
    "security.W021",
    # Our i18n tags take the place of Django's in every template, and that is the point of them.
    "templates.W003",
]

from kraftsamling.project.sign_in import *  # noqa: E402, F403
