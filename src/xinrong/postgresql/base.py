"""The backend itself; Django looks for it under this name."""

from __future__ import annotations

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Looks at a kept connection at the beginning of a request without asking the server."""

    def is_usable(self) -> bool:
        """Whether the line is open and silent.

        A server that ends a connection says so on it: an idle line with something to read is being
        closed. Django asks `SELECT 1`, one trip per connection and request.
        """
        if self.connection is None or self.connection.closed:
            return False
        line = select.poll()
        try:
            line.register(self.connection.fileno(), select.POLLIN)
            return not line.poll(0)
        except OSError:
            return False
