"""Every setting. What varies between installations is read through `bukti.site.environment`."""

import bukti.site.sqlite  # noqa: F401  # isort: skip  must come before anything that imports sqlite3

from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import SELF

from bukti.site import environment

DATA = environment.data()
DEVELOPMENT = environment.switch("BUKTI_DEVELOPMENT", "no", "Component page, plain-HTTP cookies")
VAULT = environment.folder("BUKTI_VAULT", "$BUKTI_DATA/vault", "Folder of the evidence files")
BUKTI_KEYS = environment.keys()
EXPORTS = environment.folder("BUKTI_EXPORTS", "$BUKTI_DATA/exports", "Folder of finished dossiers")
BACKUPS = environment.folder("BUKTI_BACKUPS", "$BUKTI_DATA/backups", "Folder of backups")
BACKUP_AGE = timedelta(
    hours=environment.whole("BUKTI_BACKUP_HOURS", 26, "Age at which a backup counts as too old")
)
UPLOAD_LIMIT = environment.whole("BUKTI_UPLOAD_LIMIT_MB", 250, "Largest file, in MB") * 1_000_000
RESERVED_SPACE = (
    environment.whole("BUKTI_RESERVED_SPACE_MB", 200, "Space that uploads leave free, in MB")
    * 1_000_000
)


def _secret_key() -> str:
    """From the environment, else from the keys folder, where `bukti setup` puts one.

    Without one, what needs none still works (`bukti score`); nothing is served (checks, wsgi).
    """
    given = environment.text("BUKTI_SECRET_KEY", "", "Secret of sessions; else keys/secret")
    kept = BUKTI_KEYS / "secret"
    if given:
        return given
    if kept.exists():
        return kept.read_text().strip()
    return "development-only-not-a-secret" if DEVELOPMENT else ""


SECRET_KEY = _secret_key()
DEBUG = False
ALLOWED_HOSTS = environment.text(
    "BUKTI_HOSTS", "127.0.0.1,localhost,[::1]", "Host names served, with commas"
).split(",")
CSRF_TRUSTED_ORIGINS = [
    origin
    for origin in environment.text(
        "BUKTI_ORIGINS", "", "Origins behind a TLS proxy, e.g. https://bukti.example.go.id"
    ).split(",")
    if origin
]

ROOT_URLCONF = "bukti.site.urls"
WSGI_APPLICATION = "bukti.site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.User"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    # Before allauth: its pages carry the same names as ours, and the first found is shown.
    "bukti.faces.web",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "bukti.areas.ledger",
    "bukti.areas.people",
    "bukti.areas.notices",
    "bukti.areas.evidence",
    "bukti.areas.instruments",
    "bukti.areas.rounds",
    "bukti.areas.answers",
    "bukti.areas.assessment",
    "bukti.areas.dossier",
    "bukti.faces.api",
    "bukti.faces.cli",
    "bukti.site",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "csp.middleware.CSPMiddleware",
    "bukti.faces.web.middleware.SessionLimits",
    "bukti.faces.web.middleware.ActorOnRequest",
    "bukti.faces.web.middleware.SignInFirst",
    "bukti.faces.web.middleware.NoNul",
    "bukti.faces.web.middleware.RefusalsAsAnswers",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bukti.faces.web.context.masthead",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "bukti.faces.web.templatetags.bukti",
                "bukti.faces.web.templatetags.say",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"


def _database(address: str) -> dict[str, object]:
    """SQLite in the data folder, or PostgreSQL from an address `postgresql://user@host/name`."""
    if address == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA / "bukti.sqlite3",
            "CONN_MAX_AGE": None,
            "TEST": {"NAME": DATA / "test.sqlite3"},
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"
                    "PRAGMA cache_size=-20000;PRAGMA journal_size_limit=67108864;"
                ),
            },
        }
    parts = urlsplit(address)
    host = dict(parse_qsl(parts.query)).get("host", parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 4}},
    }


DATABASES = {
    "default": _database(
        environment.text("BUKTI_DATABASE", "sqlite", "sqlite, or a postgresql:// address")
    )
}
CACHES = {
    # Rate limits count across processes, so they live in the database; fragments do not.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "bukti_cache",
    },
    "process": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 500},
    },
}
TASKS = {
    "default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "documents"]}
}

# People and sessions -------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["bukti.areas.people.passwords.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
]
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "bukti.areas.people.signin.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_FORMS = {
    "login": "bukti.faces.web.forms.account.SignIn",
    "reset_password": "bukti.faces.web.forms.account.Forgotten",
    "reset_password_from_key": "bukti.faces.web.forms.account.NewPassword",
    "change_password": "bukti.faces.web.forms.account.ChangePassword",
    "reauthenticate": "bukti.faces.web.forms.account.Confirm",
}
ACCOUNT_RATE_LIMITS = {
    # A whole office shares one address; an account is its own limit (people/signin.py).
    "login": "120/m/ip",
    "login_failed": "60/m/ip,10/m/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
    "set_up": "10/m/ip,20/h/ip",
}
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "bukti_session"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_IDLE = timedelta(
    minutes=environment.whole("BUKTI_IDLE_MINUTES", 120, "Minutes until an idle session ends")
)
SESSION_COOKIE_SECURE = not DEVELOPMENT
CSRF_COOKIE_SECURE = not DEVELOPMENT
CSRF_COOKIE_HTTPONLY = False
CSRF_FAILURE_VIEW = "bukti.faces.web.errors.csrf_failure"
SESSION_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

# Browser security ----------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = environment.switch("BUKTI_TLS", "no", "Served behind TLS: redirect, HSTS")
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_SSL_REDIRECT else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_SSL_REDIRECT
SECURE_HSTS_PRELOAD = SECURE_SSL_REDIRECT
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE_SSL_REDIRECT else None
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SECURE_SSL_REDIRECT else 0
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# Files ---------------------------------------------------------------------------------------
FILE_UPLOAD_HANDLERS = ["bukti.areas.evidence.vault.VaultUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 31_536_000

# Language and time ---------------------------------------------------------------------------
LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parent.parent / "locale"]
LANGUAGE_COOKIE_NAME = "bukti_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = not DEVELOPMENT
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Mail ----------------------------------------------------------------------------------------
_mail = urlsplit(
    environment.text(
        "BUKTI_MAIL", "file:", "smtp://user:password@host:port, smtps://…, or file: (data/mail)"
    )
)
EMAIL_BACKEND = (
    "django.core.mail.backends.filebased.EmailBackend"
    if _mail.scheme == "file"
    else "django.core.mail.backends.smtp.EmailBackend"
)
EMAIL_FILE_PATH = str(DATA / "mail")
EMAIL_HOST = _mail.hostname or "localhost"
EMAIL_PORT = _mail.port or 25
EMAIL_HOST_USER = unquote(_mail.username or "")
EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
EMAIL_USE_SSL = _mail.scheme == "smtps"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = environment.text("BUKTI_MAIL_FROM", "bukti@localhost", "Sender of mails")
PUBLIC_ADDRESS = environment.text(
    "BUKTI_ADDRESS", "http://127.0.0.1:8000", "Address of the site, for links in mails"
).rstrip("/")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "bukti": {"level": "INFO"},
        "django.request": {"level": "ERROR"},
        "django_tasks": {"level": "WARNING"},
    },
}
