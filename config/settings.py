"""Every setting of the project; the environment is read here and nowhere else (docs/settings.md lists it)."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent
env.load_file(BASE_DIR)

# What kind of place this is. Production refuses whatever is weak; local is for one computer.
PLAINLEAF_MODE = env.choice("PLAINLEAF_MODE", "production", ("production", "local"))
PRODUCTION = PLAINLEAF_MODE == "production"
DEBUG = env.debug(allowed=not PRODUCTION)
SECRET_KEY = env.secret_key(strict=PRODUCTION)
SAMPLE_STAFF_PASSWORD = env.text("SAMPLE_STAFF_PASSWORD", "")
SAMPLE = env.switch("SAMPLE", True)

# Where it listens and what it calls itself.
HOST = env.bind_address(strict=PRODUCTION)
PORT = env.number("PORT", 8000, at_least=1, at_most=65535)
WORKERS = env.number("WORKERS", 2, at_least=1, at_most=64)
# Production answers under https alone, so something stands in front of it that speaks https.
PROXY_COUNT = ALLAUTH_TRUSTED_PROXY_COUNT = env.number("PROXY_COUNT", 1 if PRODUCTION else 0, at_least=0, at_most=9)
ALLOWED_HOSTS = env.hosts(strict=PRODUCTION)
SITE_URL = env.site_url(strict=PRODUCTION, port=PORT, hosts=ALLOWED_HOSTS)

# Where its data are.
DATA_DIR = (BASE_DIR / env.text("DATA_DIR", "var")).resolve()
DATABASES = {"default": env.database(f"sqlite:///{DATA_DIR}/plainleaf.sqlite3")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["ENGINE"] = "config.sqlite"
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"] = {
        # A transaction that writes takes its lock at its start, or an upgrade from reading fails at once.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            "PRAGMA trusted_schema=OFF; PRAGMA journal_size_limit=27103364; PRAGMA secure_delete=ON;"
        ),
    }
elif DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # Whoever waits for a lock is told as soon as on SQLite, not never.
    given = DATABASES["default"].setdefault("OPTIONS", {})
    given["options"] = f"-c lock_timeout=20s {given.get('options', '')}".strip()
# A thread of a worker keeps its connection: to open one and to set it up takes as long as several pages' queries.
DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
CACHES = {"default": env.cache(f"filecache://{DATA_DIR}/cache")}
if CACHES["default"]["BACKEND"] == "django.core.cache.backends.filebased.FileBasedCache":
    CACHES["default"]["BACKEND"] = "config.caches.SharedFileCache"
MEDIA_ROOT = DATA_DIR / "media"
STATIC_ROOT = DATA_DIR / "static"
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Language and time.
LANGUAGE_CODE = env.language("en-us")
TIME_ZONE = env.time_zone("America/New_York")
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "locale"]

# Mail. Local mode keeps each message as a file; production must name a mail server.
EMAIL_CONFIG = env.url(
    "EMAIL_URL", "smtp://localhost:25" if PRODUCTION else f"filemail:///{DATA_DIR}/mail", "email_url_config"
)
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Plainleaf <plainleaf@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 10

# Whom to tell of a weakness of this site: an https address or an e-mail address; without one the clinic's own e-mail.
SECURITY_CONTACT = env.contact("SECURITY_CONTACT")

# The editorial rule: a second person approves. Only a one-person clinic turns it off; the record says so.
REVIEW_BY_SECOND_PERSON = env.switch("REVIEW_BY_SECOND_PERSON", True)

# The second step at sign-in: every member of staff has one before they see the admin.
STAFF_MFA_REQUIRED = env.switch("STAFF_MFA_REQUIRED", PRODUCTION)

INSTALLED_APPS = [
    "clinic.apps.NewsroomConfig",
    # Before auth: its commands of the same name count.
    "clinic",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "csp",
    "education",
]
MIDDLEWARE = [
    "config.middleware.SecurityHeadersMiddleware",
    "config.middleware.EarlyStyleMiddleware",
    "config.middleware.RequestNumberMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "education.middleware.LanguageOfWordsMiddleware",
    "education.middleware.OriginMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["config.templates.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
CRISPY_TEMPLATE_PACK = "plainleaf"
CRISPY_ALLOWED_TEMPLATE_PACKS = ("plainleaf",)

# Sign-in.
AUTH_USER_MODEL = "clinic.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# What education asks of the clinic, of which it knows nothing itself.
CLINIC_CONTACTS = "clinic.reading.contacts"
CLINIC_ANSWERS = "clinic.reading.answers"
CLINIC_ON_PAPER = "clinic.reading.on_paper"
# When the next edition goes live, of which config knows nothing itself.
NEXT_PUBLICATION = "education.reading.next_publication"
LOGIN_REDIRECT_URL = "/admin/"
LOGIN_URL = "account_login"
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
ACCOUNT_ADAPTER = "clinic.adapters.StaffAccountAdapter"
ACCOUNT_FORMS = {
    "login": "clinic.forms.sign_in.StaffLoginForm",
    "reset_password": "clinic.forms.sign_in.ForgottenPasswordForm",
    "reset_password_from_key": "clinic.forms.sign_in.NewPasswordForm",
    "set_password": "clinic.forms.sign_in.FirstPasswordForm",
    "change_password": "clinic.forms.sign_in.OtherPasswordForm",
    "reauthenticate": "clinic.forms.sign_in.PasswordAgainForm",
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
# Ten failures for each account and each address. They are counted in the cache, which all workers share.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/5m/ip,10/5m/key",
    "reauthenticate": "10/5m/user",
    "change_password": "10/5m/user",
    "reset_password": "10/5m/ip,10/5m/key",
    "reset_password_from_key": "10/5m/ip",
}
# The password is known to whoever guesses codes, and a code has six digits: over a day there are fewer guesses.
SECOND_STEP_RATES = "10/5m/ip,10/5m/key,30/d/key"

# The second step: codes of an app, passkeys, and recovery codes for when neither is at hand.
MFA_ADAPTER = "clinic.adapters.StaffMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# A code is also taken half a minute late or early; forms/second_step.py sees to it that none is taken twice.
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RATE_LIMITS = {"webauthn_login": "10/m/ip"}
MFA_FORMS = {
    "authenticate": "clinic.forms.second_step.CodeForm",
    "reauthenticate": "clinic.forms.second_step.CodeAgainForm",
    "activate_totp": "clinic.forms.second_step.FirstCodeForm",
    "add_webauthn": "clinic.forms.second_step.NewPasskeyForm",
    "edit_webauthn": "clinic.forms.second_step.PasskeyNameForm",
    "authenticate_webauthn": "clinic.forms.second_step.PasskeyForm",
    "login_webauthn": "clinic.forms.second_step.PasskeyAloneForm",
    "reauthenticate_webauthn": "clinic.forms.second_step.PasskeyAgainForm",
}

# Cookies: staff only, at most 12 hours after the sign-in, and in production bound to this host under https.
SESSION_ENGINE = "config.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-session" if PRODUCTION else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else "csrf"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "clinic.views.errors.csrf_failure"

# Headers. The Markdown allow-list is the first line against script; this policy is the second.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if PRODUCTION else 0
# Subdomains and the preload list belong to the whole domain's owner, who may not be this site's operator.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# Uploads and forms: limits before anything is decoded.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_PERMISSIONS = 0o600

WHITENOISE_MAX_AGE = 60
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# Django's own request lines carry the path without its query, nor the secret of a one-time link; of an exception the
# places that it came through, and no message. Nothing a visitor typed is logged.
LOG_FORMAT = env.choice("LOG_FORMAT", "json" if PRODUCTION else "plain", ("json", "plain"))
LOG_REQUESTS = env.switch("LOG_REQUESTS", False)
ERROR_REPORTS = env.text("ERROR_REPORTS", "")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "config.log_lines.JsonLine"}, "plain": {"()": "config.log_lines.PlainLine"}},
    "filters": {
        "without_links": {"()": "config.log_lines.WithoutOneTimeLinks"},
        "without_messages": {"()": "config.log_lines.WithoutMessages"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT,
            "filters": ["without_messages", "without_links"],
        },
        "mail": {"()": "config.error_reports.MailReports", "to": ERROR_REPORTS},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.request": {"handlers": ["stderr", "mail"], "level": "WARNING", "propagate": False},
        # Of `make dev` alone: a line for each request.
        "django.server": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "education": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "clinic": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "plainleaf": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        # The server itself: a worker that ended unasked, or would not end.
        "_granian": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
    },
}
