"""Where a notice may lead: to a page of the platform, nowhere else."""

from __future__ import annotations

import re

from xinrong.notices.errors import NoticeError

#: A page of ours: no other site, nothing that ends a line or hides what follows.
PATH = re.compile(r"/(?![/\\])[A-Za-z0-9/_.~%?=&-]*")


def check_path(path: str) -> None:
    """Raises NoticeError (path_wrong) for anything but the address of a page of ours."""
    if len(path) > 300 or not PATH.fullmatch(path):
        raise NoticeError(
            f"a notice leads to a page of the platform, not to {path[:80]!r}",
            remedy="Give its path, which begins with one /.",
            code="path_wrong",
        )
