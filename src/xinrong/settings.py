"""Django settings. Every value that differs between deployments comes from the environment.

Secrets come from files. The embedded defaults (SQLite and parts under `var/`) need nothing.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PROJECT = Path(__file__).resolve().parents[2]


def flag(name: str, default: bool) -> bool:
    """A setting that is `true` or `false` and nothing else."""
    value = os.environ.get(name, str(default)).lower()
    if value not in ("true", "false"):
        raise ImproperlyConfigured(f"{name} is {value!r}; write true or false")
    return value == "true"


#: Which region pack this deployment serves.
REGION = os.environ.get("REGION", "beijing")
#: Where parts, uploads and the embedded database lie.
DATA = Path(os.environ.get("XINRONG_DATA", PROJECT / "var" / REGION)).resolve()


def secret(name: str) -> str:
    """A secret from the file that NAME_FILE names; the embedded default makes one, mode 0600."""
    path = Path(os.environ.get(f"{name}_FILE", DATA / name.lower()))
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        if f"{name}_FILE" in os.environ:
            raise ImproperlyConfigured(f"{name}_FILE names {path}, which is not there") from None
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8").strip()
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        value = secrets.token_urlsafe(50)
        file.write(value)
    return value


SECRET_KEY = secret("XINRONG_SECRET_KEY")
#: Seals the seeds of second factors. Keep it apart from backups of the database.
FACTOR_KEY = secret("XINRONG_FACTOR_KEY")
#: The domain for which passkeys are made; empty: the host under which the pages are opened.
PASSKEY_DOMAIN = os.environ.get("XINRONG_PASSKEY_DOMAIN", "")


def identity_services() -> dict[str, dict[str, str]]:
    """The identity services to sign in through: id in the region's file → where it is.

    For the service `provincial`: XINRONG_OIDC_PROVINCIAL_ISSUER, …_CLIENT_ID and
    …_CLIENT_SECRET_FILE; without the first of them it is not used.
    """
    found = {}
    for name, issuer in os.environ.items():
        if not (name.startswith("XINRONG_OIDC_") and name.endswith("_ISSUER") and issuer):
            continue
        prefix = name.removesuffix("ISSUER")
        try:
            client_id, file = os.environ[f"{prefix}CLIENT_ID"], f"{prefix}CLIENT_SECRET_FILE"
            secret_text = Path(os.environ[file]).read_text(encoding="utf-8").strip()
        except (KeyError, FileNotFoundError) as error:
            raise ImproperlyConfigured(f"{name} is set, so {error} is needed as well") from None
        found[prefix.removeprefix("XINRONG_OIDC_").rstrip("_").lower()] = {
            "issuer": issuer,
            "client_id": client_id,
            "client_secret": secret_text,
        }
    return found


IDENTITY_SERVICES = identity_services()
DEBUG = flag("XINRONG_DEBUG", False)
#: Proxies in front of the platform whose X-Forwarded-For is believed: addresses or networks.
PROXIES = os.environ.get("XINRONG_PROXIES", "")
ALLOWED_HOSTS = os.environ.get("XINRONG_HOSTS", "localhost,127.0.0.1,[::1]").split(",")


def sqlite(path: Path, *, reads: bool) -> dict[str, Any]:
    """SQLite in WAL mode. Writers take the lock at once; the alias for snapshots never does."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "transaction_mode": "DEFERRED" if reads else "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }


def postgresql(url: str, *, reads: bool) -> dict[str, Any]:
    """PostgreSQL; the alias for snapshots is REPEATABLE READ READ ONLY."""
    parts = urlsplit(url)
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if pair)
    options = "-c default_transaction_read_only=on" if reads else "-c synchronous_commit=on"
    config: dict[str, Any] = {
        "ENGINE": "xinrong.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": {"options": options},
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
    if reads:
        from psycopg import IsolationLevel

        config["OPTIONS"]["isolation_level"] = IsolationLevel.REPEATABLE_READ
    return config


def databases() -> dict[str, dict[str, Any]]:
    """`default` writes, `snapshot` reads. In tests both are one database (MIRROR)."""
    url = os.environ.get("XINRONG_DATABASE_URL", "")
    file = os.environ.get("XINRONG_DATABASE_URL_FILE", "")
    if file:
        url = Path(file).read_text(encoding="utf-8").strip()
    if url.startswith(("postgres://", "postgresql://")):
        made = {
            alias: postgresql(url, reads=alias == "snapshot") for alias in ("default", "snapshot")
        }
    elif not url:
        DATA.mkdir(parents=True, exist_ok=True)
        path = DATA / "xinrong.sqlite3"
        made = {alias: sqlite(path, reads=alias == "snapshot") for alias in ("default", "snapshot")}
    else:
        raise ImproperlyConfigured("XINRONG_DATABASE_URL must begin with postgresql://")
    made["snapshot"]["TEST"] = {"MIRROR": "default"}
    return made


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
    "xinrong.collect",
    "xinrong.files",
    "xinrong.profiles",
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
TLS = flag("XINRONG_TLS", False)
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
            "SCHEDULES": {
                "sweep-uploads": {
                    "task": "xinrong.collect.tasks.sweep_uploads",
                    "every": 3600,
                },
                "index-names": {
                    "task": "xinrong.subjects.tasks.index_names",
                    "every": 600,
                },
                "judge-snooping": {
                    "task": "xinrong.trust.snooping.tasks.judge_weeks",
                    "every": 24 * 3600,
                },
                "settle-consents": {
                    "task": "xinrong.trust.tasks.settle_consents",
                    "every": 300,
                },
                "read-successions": {
                    "task": "xinrong.subjects.tasks.follow_records",
                    "every": 3600,
                },
                "follow-representatives": {
                    "task": "xinrong.subjects.tasks.follow_representatives",
                    "every": 3600,
                },
                "sweep-sessions": {
                    "task": "xinrong.accounts.mfa.tasks.sweep_sessions",
                    "every": 3600,
                },
                "sweep-proofs": {
                    "task": "xinrong.accounts.proof.tasks.sweep_proofs",
                    "every": 3600,
                },
            },
        },
    }
}

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
