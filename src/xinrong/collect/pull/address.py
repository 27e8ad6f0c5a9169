"""Where a department's database is, and the password: in a file, and nowhere else.

`XINRONG_PULL_<CONNECTION>_FILE` names a file with one line:

    postgresql://reader:secret@db.tax.gov.cn:5432/dw?ca=/etc/xinrong/tax-ca.pem
    mysql://reader:secret@/dw?host=/run/mysqld/mysqld.sock

`ca`, `cert` and `key` are files for TLS; `host` may be a folder or file of a local socket.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from xinrong.collect.errors import PullError

SCHEMES = {"postgresql": ("postgresql", "postgres"), "mysql": ("mysql", "mariadb")}
OPTIONS = frozenset({"host", "ca", "cert", "key"})


@dataclass(frozen=True)
class Address:
    """Where to connect, as whom. The password is never shown."""

    host: str
    port: int | None
    database: str
    user: str
    password: str = field(repr=False)
    ca: str = ""
    cert: str = ""
    key: str = ""

    @property
    def local(self) -> bool:
        """A socket of this machine, which needs no TLS."""
        return self.host.startswith("/")

    def without_password(self, text: str) -> str:
        """What a server or driver said, in one line, fit to be shown."""
        line = " ".join(text.split())[:300]
        return line.replace(self.password, "***") if self.password else line


def address_of(connection: str, server: str) -> Address:
    """The address of a connection. Raises PullError, which quotes nothing of the file."""
    name = f"XINRONG_PULL_{connection.upper()}_FILE"
    path = os.environ.get(name, "")
    if not path:
        raise _unusable(f"{name} is not set", "Let it name the file that holds the address.")
    try:
        parts = urlsplit(Path(path).read_text(encoding="utf-8").strip())
        query = dict(parse_qsl(parts.query))
        port = parts.port
    except OSError as error:
        reason = f"the file that {name} names cannot be read: {error.strerror}"
        raise _unusable(reason, "Check path and rights.") from None
    except ValueError:  # the words of these errors quote the text
        raise _unusable(*_ILL_WRITTEN) from None
    if parts.scheme not in SCHEMES[server] or set(query) - OPTIONS or not parts.path.strip("/"):
        raise _unusable(*_ILL_WRITTEN)
    return Address(
        host=query.get("host", parts.hostname or ""),
        port=port,
        database=unquote(parts.path.lstrip("/")),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        **{name: query[name] for name in ("ca", "cert", "key") if name in query},
    )


_ILL_WRITTEN = (
    "the address of the connection is not written as it should be",
    (
        "Write server://user:password@host:port/database in one line; in the password write %25 "
        "for a percent sign, %40 for @, %3A for a colon and %2F for a slash."
    ),
)


def _unusable(wrong: str, remedy: str) -> PullError:
    return PullError(wrong, remedy=remedy, code="pull_address")
