"""Django settings. Every value that differs between deployments comes from the environment.

Secrets come from files. The embedded defaults (SQLite and parts under `var/`) need nothing.
"""

from __future__ import annotations

import os
from pathlib import Path

from xinrong import environment, outgoing
from xinrong.databases import databases
from xinrong.environment import flag, identity_services, secret
from xinrong.schedules import SCHEDULES

REGION = environment.REGION
DATA = environment.DATA

SECRET_KEY = secret("XINRONG_SECRET_KEY")
#: Seals the seeds of second factors. Keep it apart from backups of the database.
FACTOR_KEY = secret("XINRONG_FACTOR_KEY")
#: The domain for which passkeys are made; empty: the host under which the pages are opened.
PASSKEY_DOMAIN = os.environ.get("XINRONG_PASSKEY_DOMAIN", "")
IDENTITY_SERVICES = identity_services()
DEBUG = flag("XINRONG_DEBUG", default=False)
#: Proxies in front of the platform whose X-Forwarded-For is believed: addresses or networks.
PROXIES = os.environ.get("XINRONG_PROXIES", "")
ALLOWED_HOSTS = os.environ.get("XINRONG_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

DATABASES = databases()
SNAPSHOT_ALIAS = "snapshot"  # the connection on which all reading of records happens
DATABASE_ROUTERS = ["xinrong.store.routing.SnapshotRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_ox",
    "xinrong.store",
    "xinrong.accounts",
    "xinrong.subjects",
    "xinrong.trust",
    "xinrong.work",
    "xinrong.notices",
    "xinrong.collect",
    "xinrong.files",
    "xinrong.profiles",
    "xinrong.remedy",
    "xinrong.rating",
    "xinrong.market",
    "xinrong.pages",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "xinrong.api.middleware.OneErrorShape",
    "xinrong.pages.trail.headers.TrailHeaders",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "xinrong.accounts.mfa.middleware.SecondFactorRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "xinrong.accounts.scoping.OrganisationScope",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "xinrong.bodies.BoundedBodies",
    "xinrong.trust.guarded.HandOver",
]

ROOT_URLCONF = "xinrong.urls"
WSGI_APPLICATION = "xinrong.wsgi.application"
AUTH_USER_MODEL = "accounts.Person"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "xinrong.pages.context.platform",
            ],
        },
    },
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parent / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
CSRF_FAILURE_VIEW = "xinrong.pages.errors.stale_form"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "search"
LOGOUT_REDIRECT_URL = "home"

SECURE_CSP = {
    "default-src": ["'self'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
    "form-action": ["'self'"],
}
TLS = flag("XINRONG_TLS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS
SECURE_SSL_REDIRECT = TLS
SECURE_HSTS_SECONDS = 31_536_000 if TLS else 0
SESSION_COOKIE_AGE = 12 * 3600  # accounts.mfa.sessions ends them, idle ones sooner
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

#: Files that people send on the page lie here until they are taken in or given up. Sizes in bytes.
UPLOADS_ROOT = DATA / "uploads"
UPLOAD_BYTES = 4 << 30  # of one file, as the readers allow
UPLOAD_CHUNK_BYTES = 4 << 20  # of one piece: below DATA_UPLOAD_MAX_MEMORY_SIZE
UPLOAD_FORM_BYTES = 32 << 20  # of a file that comes by a plain form, without JavaScript
UPLOAD_AT_ONCE_BYTES = 2 << 20  # smaller files are taken in within the request
UPLOADS_OPEN = 50  # of one department, not yet taken in
UPLOADS_BYTES = 16 << 30  # of one department, not yet taken in

#: Background work: code knows django.tasks only; `xinrong serve` starts the worker.
TASKS = {
    "default": {
        "BACKEND": "django_ox.backend.OxBackend",
        "QUEUES": ["default"],
        "OPTIONS": {
            "MAX_ATTEMPTS": 5,  # a killed worker's task is taken up again
            "LOCK_TIMEOUT": 60,  # seconds after which a silent worker counts as dead
            "SCHEDULES": SCHEDULES,
        },
    }
}

#: How the platform is reached from outside, such as https://credit.example.cn: every link in a
#: message leads there, and without it no message leaves.
SITE = os.environ.get("XINRONG_SITE", "").rstrip("/")
#: From whom e-mail comes, the mail server and the SMS gateway (docs/how-to/send-notices.md).
MAIL_FROM = os.environ.get("XINRONG_MAIL_FROM", "xinrong@localhost")
MAILERS = outgoing.mailers(os.environ)
SMS = outgoing.sms_gateway(os.environ)
SILENCED_SYSTEM_CHECKS = ["mail.W001"]  # no mail server: no mail leaves, notices look first

#: The store. Bucket count is fixed when a store is made (its manifest wins over this).
STORE_ROOT = DATA / "store"
#: The index of names for search and resolution: derived, made anew at will.
NAMES_ROOT = DATA / "names"
#: Restrictive decisions, for a restore to replay: put it on another disk than DATA.
JOURNAL = Path(os.environ.get("XINRONG_JOURNAL", DATA / "journal")).resolve()
#: The platform's private key (Ed25519, PEM): out of reach of the database role.
SIGNING_KEY_FILE = Path(os.environ.get("XINRONG_SIGNING_KEY_FILE", DATA / "signing_key.pem"))
#: Every public key that ever signed, with the days: keep it in the backup.
PUBLIC_KEYS_FILE = Path(os.environ.get("XINRONG_PUBLIC_KEYS_FILE", DATA / "public_keys.json"))
#: What signs the checkpoints of the audit chain: a file that the database role cannot read.
CHECKPOINT_KEY_FILE = Path(
    os.environ.get("XINRONG_CHECKPOINT_KEY_FILE", DATA / "checkpoint_key.pem")
)
#: Where checkpoints are appended: a folder that is meant to leave this machine.
CHECKPOINTS = Path(os.environ.get("XINRONG_CHECKPOINTS", DATA / "checkpoints")).resolve()
STORE_BUCKETS = 512
STORE_HOT_ROWS = 100_000  # batches of fewer rows go to the hot table
ENGINE_THREADS = int(os.environ.get("XINRONG_ENGINE_THREADS", "2"))
ENGINE_MEMORY = os.environ.get("XINRONG_ENGINE_MEMORY", "4GB")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
