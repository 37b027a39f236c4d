"""Settings; every one that an operator may change is listed in docs/operations.md."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import django_stubs_ext

django_stubs_ext.monkeypatch()

from celery.schedules import crontab  # noqa: E402 - the line above must come first
from csp.constants import NONCE, NONE, SELF  # noqa: E402 - the line above must come first
from django.core.exceptions import ImproperlyConfigured  # noqa: E402
from django.utils.translation import gettext_lazy as _  # noqa: E402
from psycopg import IsolationLevel  # noqa: E402

from cooperative import environment  # noqa: E402

environment.adopt_local_servers()

BASE_DIR = environment.ROOT
LOCAL_DIR = environment.LOCAL
MODE = environment.mode()
DEMO = MODE == "demo"
PRODUCTION = MODE == "production"
DEBUG = environment.flag("DEBUG", default=False)
SECRET_KEY = environment.secret_key(MODE)

HOST = os.environ.get("HOST", "127.0.0.1")
PORT = int(os.environ.get("PORT", "8000"))
BASE_URL = os.environ.get("BASE_URL", f"http://{HOST}:{PORT}").rstrip("/")
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", default="" if PRODUCTION else "*")
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS")

# --- the house -----------------------------------------------------------------------------------
INSTALLED_APPS = [
    "cooperative",
    "sharing",
    "bookings",
    "notifications",
    "frontend",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "heroicons",
    "template_partials",
    "csp",
]
MIDDLEWARE = [
    "cooperative.draining.DrainingMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cooperative.health.HealthMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cooperative.access.middleware.ViewerMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "csp.middleware.CSPMiddleware",
    "frontend.middleware.MethodPageMiddleware",
]
ROOT_URLCONF = "cooperative.urls"
WSGI_APPLICATION = "cooperative.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "frontend.context.podest",
            ],
        },
    },
]
FORM_RENDERER = "frontend.forms_renderer.PodestRenderer"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- PostgreSQL ----------------------------------------------------------------------------------
_database = environment.database(os.environ.get("DATABASE_URL", "postgresql:///podest"))
_database["OPTIONS"] = {
    **_database["OPTIONS"],
    # The guard holds at any level; the engine is measured at this one, whatever the server's default.
    "isolation_level": IsolationLevel.READ_COMMITTED,
    # Only what is bound by the server is prepared: cooperative/statements.py.
    "prepare_threshold": 1,
    "options": (
        f"-c lock_timeout={os.environ.get('DATABASE_LOCK_TIMEOUT', '5s')} "
        f"-c statement_timeout={os.environ.get('DATABASE_STATEMENT_TIMEOUT', '30s')} "
        "-c idle_in_transaction_session_timeout=15s -c timezone=UTC "
        # Short statements, many at once: neither parallel workers nor compilation ever pay here.
        "-c max_parallel_workers_per_gather=0 -c jit=off "
        # Of the statements that are prepared (cooperative/statements.py) the plan is the same for all parameters.
        "-c plan_cache_mode=force_generic_plan"
    ),
}
if os.environ.get("PODEST_PROCESS") == "web":
    # Only the web keeps a pool: Celery forks, and a pool's threads do not survive a fork.
    _database["OPTIONS"]["pool"] = {
        "min_size": 1,
        "max_size": int(os.environ.get("DATABASE_POOL_SIZE", "10")),
        "timeout": 5,
    }
_database["CONN_HEALTH_CHECKS"] = True
DATABASES: dict[str, dict[str, Any]] = {"default": _database}

# --- cache, sessions -----------------------------------------------------------------------------
REDIS_URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHE_URL = os.environ.get("CACHE_URL", REDIS_URL)
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "cooperative.cache.FailOpenCache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": "podest",
        "OPTIONS": {"socket_connect_timeout": 0.2, "socket_timeout": 0.2},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = int(timedelta(days=30).total_seconds())
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BASE_URL.startswith("https:")
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- people --------------------------------------------------------------------------------------
AUTH_USER_MODEL = "cooperative.Person"
# E-mail is unique on lower(email), by a named constraint that this check does not know.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[0]["OPTIONS"] = {"user_attributes": ("email", "name")}  # type: ignore[assignment]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 10}  # type: ignore[assignment]
REQUIRE_MFA = environment.flag("REQUIRE_MFA", default=False) and not DEMO
if REQUIRE_MFA:
    # Better refused than silently without effect.
    raise ImproperlyConfigured("REQUIRE_MFA: signing in with a second factor is not built yet.")
LOGIN_RATE = os.environ.get("LOGIN_RATE", "10/m/ip,5/300s/key")
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "cooperative.people.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "cooperative.people.forms.SignupForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if BASE_URL.startswith("https:") else "http"
# On one's own machine nobody is locked out of the demo.
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = (
    False if DEMO and HOST in {"127.0.0.1", "localhost", "::1"} else {"login_failed": LOGIN_RATE}
)

# --- languages and time --------------------------------------------------------------------------
LANGUAGE_CODE = "pl"
# All are said in full; `make check` holds Polish to it (`COMPLETE` in cooperative/translations.py).
LANGUAGES = [("pl", _("Polish")), ("en", _("English")), ("de", _("German")), ("uk", _("Ukrainian"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "Europe/Warsaw"
USE_TZ = True

# --- API -----------------------------------------------------------------------------------------
API_RATE = os.environ.get("API_RATE", "6000/min")
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "cooperative.api.authentication.BearerTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.CursorPagination",
    "PAGE_SIZE": 50,
    "DEFAULT_FILTER_BACKENDS": [],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "cooperative.api.problems.handle",
    "DEFAULT_THROTTLE_RATES": {"user": API_RATE, "anon": API_RATE, "token": API_RATE},
    "DATETIME_FORMAT": "iso-8601",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Podest",
    "DESCRIPTION": "Find what a cooperative of culture shares, ask for it, answer, hand it over.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    # No hook: enumerations stay where they are used, so that a new one elsewhere renames none.
    "POSTPROCESSING_HOOKS": [],
}

# --- Celery --------------------------------------------------------------------------------------
CELERY_BROKER_URL = environment.broker(REDIS_URL)
CELERY_BROKER_CONNECTION_TIMEOUT = 0.2
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
    "visibility_timeout": 300,
    # A caller waits at most 200 ms for a broker that is away; what it would have been told is found
    # by the next sweep. The worker gets patient values of its own in cooperative/celery.py.
    "socket_connect_timeout": 0.2,
    "socket_timeout": 0.2,
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 110
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
# The whole schedule, reviewed as code. Tasks look for rows that are due; none is sent with an eta.
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "bookings.tasks.pass_time": {
        "task": "bookings.tasks.pass_time",
        "schedule": timedelta(seconds=30),
        "options": {"expires": 30},
    },
    "bookings.tasks.prove": {
        "task": "bookings.tasks.prove",
        "schedule": crontab(hour="2", minute="20"),
        "options": {"expires": 3_600},
    },
    "bookings.tasks.forget_people": {
        "task": "bookings.tasks.forget_people",
        "schedule": crontab(hour="3", minute="20"),
        "options": {"expires": 3_600},
    },
    "bookings.tasks.keep_the_wall_clock": {
        "task": "bookings.tasks.keep_the_wall_clock",
        "schedule": crontab(hour="2", minute="50"),
        "options": {"expires": 3_600},
    },
    "notifications.tasks.relay": {
        "task": "notifications.tasks.relay",
        "schedule": timedelta(seconds=1),
        "options": {"expires": 5},
    },
    "notifications.tasks.send_due": {
        "task": "notifications.tasks.send_due",
        "schedule": timedelta(seconds=2),
        "options": {"expires": 5},
    },
    "notifications.tasks.remind": {
        "task": "notifications.tasks.remind",
        "schedule": timedelta(seconds=30),
        "options": {"expires": 60},
    },
    "cooperative.tasks.forget_answers": {
        "task": "cooperative.tasks.forget_answers",
        "schedule": timedelta(hours=1),
        "options": {"expires": 3_600},
    },
    "bookings.tasks.keep_public_holidays": {
        "task": "bookings.tasks.keep_public_holidays",
        # Due an interval after each start of beat: a daily one would never come where it is restarted daily.
        "schedule": timedelta(hours=1),
        "options": {"expires": 3_600},
    },
    "bookings.tasks.remove_orphan_photos": {
        "task": "bookings.tasks.remove_orphan_photos",
        "schedule": timedelta(hours=6),
        "options": {"expires": 3_600},
    },
    "sharing.tasks.remove_orphan_photos": {
        "task": "sharing.tasks.remove_orphan_photos",
        "schedule": timedelta(hours=6),
        "options": {"expires": 3_600},
    },
}
CELERY_BEAT_SCHEDULER = "cooperative.celery:LivingScheduler"

# --- mail ----------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = os.environ.get("MAIL_FROM", "Podest <podest@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 15
if "EMAIL_URL" in os.environ:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    globals().update(environment.mail(os.environ["EMAIL_URL"]))
elif PRODUCTION:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
else:
    # Nothing leaves the machine; what was sent can be read in the browser.
    EMAIL_BACKEND = "notifications.mailbox.Backend"
MAILBOX_DIR = LOCAL_DIR / "mail"

# --- files ---------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = LOCAL_DIR / "static"
STORAGES: dict[str, dict[str, Any]] = {
    # There is no MEDIA_URL on purpose: pictures and documents go through views that ask who looks.
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION or DEMO
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = os.environ.get("MEDIA_ROOT", str(LOCAL_DIR / "media"))
WHITENOISE_USE_FINDERS = not (PRODUCTION or DEMO)
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

# --- security headers ----------------------------------------------------------------------------
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = int(os.environ.get("HSTS_SECONDS", "0"))
if environment.flag("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    USE_X_FORWARDED_HOST = True

# --- logs: one line each, no personal data -------------------------------------------------------
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
}
