"""Many enterprises by their codes at once: for lists of an institution's own clients."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from xinrong.subjects.mapping import links_at
from xinrong.subjects.models import Enterprise

_CHUNK = 500
#: Number, code and name of an enterprise: all three are open to everybody.
Found = tuple[int, str, str]
_COLUMNS = ("enterprise", "enterprise__code", "enterprise__name")


def enterprises_by_codes(codes: Collection[str]) -> dict[str, Found]:
    """Code -> the enterprise that answers for it now, of those codes that one answers for.

    The codes are lawful ones, as `read_code` gives them. After a merge it is the surviving
    enterprise, as `enterprise_by_code` says of one.
    """
    found: dict[str, Found] = {}
    for part in _parts(sorted(set(codes))):
        keys = [f"code:{code}" for code in part]
        links = links_at(None, "default").filter(subject__key__in=keys)
        linked = links.values_list("subject__key", *_COLUMNS)
        found |= {key.removeprefix("code:"): (pk, code, name) for key, pk, code, name in linked}
        left = [code for code in part if code not in found]
        own = Enterprise.objects.filter(code__in=left).values_list("pk", "code", "name")
        found |= {code: (pk, code, name) for pk, code, name in own}
    return found


def _parts(codes: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(codes), _CHUNK):
        yield codes[start : start + _CHUNK]
