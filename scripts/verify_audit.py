"""Is an export of the audit trail whole, and what broke it? Needs Python and `cryptography` only.

python verify_audit.py EXPORT KEY... [FOLDER...]: what `xinrong audit export` wrote; public keys of
its checkpoints, never taken from it; checkpoints kept elsewhere: docs/reference/audit-trail.md.
"""

import json
import sys
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey as Key


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def lines_of(path: Path) -> Iterator[bytes]:
    """Lines without their ends; a last line without one comes back as one that never was."""
    with path.open("rb") as file:
        yield from (line[:-1] if line.endswith(b"\n") else line + b"\n" for line in file)


def opened(line: bytes, keys: dict[str, Key], heads: list[str]) -> tuple[dict[str, Any], str]:
    """What a checkpoint says, and in words what is wrong with it."""
    try:
        sealed = json.loads(line)
        if sealed["kid"] not in keys:
            return {}, "is signed by a key that you do not trust: all may have been made anew"
        raw, signed = urlsafe_b64decode(sealed.pop("signature") + "=="), _canonical(sealed)
        again = sealed | {"signature": urlsafe_b64encode(raw).decode().strip("=")}
        keys[sealed["kid"]].verify(raw, signed if _canonical(again) == line else b"")
    except Exception:  # noqa: BLE001 - whatever cannot be read was changed
        return {}, "was changed: its signature does not fit"
    says = sealed["payload"]
    if says["block"] >= len(heads):
        return says, f"reaches block {says['block']}: the tail is cut, {len(heads) - 1} are left"
    anew = says["head"] != heads[says["block"]]
    return says, f"signed another block {says['block']}: changed or made anew" if anew else ""


def _fits(line: bytes, at: int, want: dict[str, int]) -> Iterator[bool]:
    tries = (line[:at] + bytes([byte]) + line[at + 1 :] for byte in range(256))
    yield from (sha256(one).hexdigest() in want for one in tries)


def check_rows(path: Path, want: dict[str, int]) -> Iterator[str]:
    """Compare the lines with what the blocks hold: digest -> row id, in order."""
    there = set(have := [sha256(line).hexdigest() for line in lines_of(path)])
    missing = [one for one in want if one not in there]
    extra = [place for place, one in enumerate(have) if one not in want]
    if len(missing) == len(extra) == 1:
        line, row = list(lines_of(path))[extra[0]], want[missing[0]]
        at = next((at + 1 for at in range(len(line)) if any(_fits(line, at, want))), "unknown")
        yield f"row {row}, line {extra[0] + 1}, was changed, at byte {at}"
    elif missing or extra:
        tail = "the tail is cut: " if missing == list(want)[-len(missing) :] and not extra else ""
        yield f"{tail}{len(missing)} rows are missing: {[want[one] for one in missing][:9]}"
        yield f"{len(extra)} lines are no sealed row: {[place + 1 for place in extra][:9]}"
    elif have != list(want):
        moved = [want[one] for one, due in zip(have, want, strict=False) if one != due]
        yield f"rows stand in each other's places, or twice: {moved[:9]}"


def check(folder: Path, keys: dict[str, Key], kept: list[Path]) -> Iterator[str]:
    """Every fault in words; nothing when the export is whole."""
    heads, rows, end = ["0" * 64], dict[str, int](), 0
    for place, line in enumerate(lines_of(folder / "blocks.jsonl"), 1):
        try:
            block = json.loads(line)
            rows.update((sealed, row) for row, sealed in block["rows"])
            if block["number"] != place or block["previous"] != heads[-1]:
                raise ValueError  # noqa: TRY301
        except Exception:  # noqa: BLE001
            yield f"block {place} or the one before it was changed, removed or moved"
        heads.append(sha256(line).hexdigest())
    for place, line in enumerate(lines_of(folder / "checkpoints.jsonl"), 1):
        says, wrong = opened(line, keys, heads)
        end = says.get("block", end)
        if wrong or says["number"] != place:
            yield f"checkpoint {place} {wrong or 'is another: one was removed or moved'}"
    if end != len(heads) - 1:
        yield f"checkpoints end at block {end}, blocks at {len(heads) - 1}: a tail is cut"
    for says, wrong in (opened(line, keys, heads) for path in kept for line in lines_of(path)):
        if says and wrong:
            yield f"a checkpoint of {says['at']}, kept outside, {wrong}"
    yield from check_rows(folder / "rows.jsonl", rows)


if __name__ == "__main__":
    kept = [path for one in sys.argv[2:] for path in sorted(Path(one).rglob("*.jsonl"))]
    raws = [urlsafe_b64decode(one + "==") for one in sys.argv[2:] if not Path(one).is_dir()]
    kids = [sha256(b"Ed25519\0" + raw).hexdigest()[:16] for raw in raws]
    trusted = dict(zip(kids, map(Key.from_public_bytes, raws), strict=True))
    faults = "\n".join(check(Path(sys.argv[1]), trusted, kept))
    sys.exit(faults or print("whole: every row, block and checkpoint is as it was sealed"))
