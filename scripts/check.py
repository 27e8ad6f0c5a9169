"""Every static check, each by name; all of them run, and any failure fails the whole.

`python scripts/check.py` runs all, `python scripts/check.py types layers` only those.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
MODULE_LINES = 400

#: What no tracked file may name. Written in pieces, so that this file does not name them either.
FORBIDDEN = {
    "a package registry": r"(?:pypi\.org|pythonhosted|registry\.npmjs|/simple/|--index-url"
    r"|--extra-index|--find-links|index-url\s*=)",
    "a path of one machine": r"(?<![\w.])/(?:root|work|home/[a-z]\w*|Users/\w+)/[\w.]",
}
#: Files whose business it is to refuse these words.
EXEMPT = {"scripts/check.py", "tests/foundation/test_house_rules.py"}
#: Not text that we write: third parties' files, shipped data.
UNREAD = ("samples/", "src/xinrong/pages/static/vendor/", "src/xinrong/static/vendor/")
LOCK_LINE = re.compile(
    r"^(?:[a-z0-9][a-z0-9._-]*(?:\[[a-z0-9,_-]+\])?==[\w.!+-]+(?: ; [^;#@]+)?(?: \\)?"
    r"|    --hash=sha256:[0-9a-f]{64}(?: \\)?)$"
)


def tracked() -> list[Path]:
    """Every file that git knows, and every new one that it does not ignore."""
    done = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    paths = [PROJECT / name for name in done.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def name_of(path: Path) -> str:
    """The file's name as a person writes it: relative to the project."""
    return path.relative_to(PROJECT).as_posix()


def text_of(path: Path) -> str | None:
    """The file's text, or None when it is not UTF-8 text."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def run(*command: str | Path) -> bool:
    """Run a tool from .venv with a throw-away data folder."""
    with tempfile.TemporaryDirectory(prefix="xinrong-check-") as data:
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("XINRONG_")
        }
        environment |= {"XINRONG_DATA": data, "PYTHONPATH": "src", "REGION": "beijing"}
        done = subprocess.run(
            [str(part) for part in command], check=False, cwd=PROJECT, env=environment,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    return done.returncode == 0


def lint() -> bool:
    """Ruff's rules."""
    return run(BIN / "ruff", "check", "--quiet", ".")


def layout() -> bool:
    """Ruff's formatter agrees."""
    return run(BIN / "ruff", "format", "--check", "--quiet", ".")


def types() -> bool:
    """mypy, strict, with Django's models."""
    return run(BIN / "mypy")


def layers() -> bool:
    """Imports point one way."""
    return run(BIN / "lint-imports", "--no-logo")


def templates() -> bool:
    """Djlint on every template."""
    found = sorted(
        path for path in tracked() if path.suffix == ".html" and "templates" in path.parts
    )
    return not found or run(BIN / "djlint", "--lint", "--quiet", *found)


def catalogue() -> bool:
    """The contracts and feeds of every region."""
    return run(sys.executable, "-m", "xinrong.cli.main", "catalogue", "lint")


def generated() -> bool:
    """The generated reference pages are up to date."""
    made = [run(sys.executable, "-m", "xinrong.cli.main", which, "docs", "--check")
            for which in ("catalogue", "law")]  # fmt: skip
    return all(made)


def migrations() -> bool:
    """Every model change has its migration."""
    return run(
        sys.executable, "-W", "ignore::UserWarning", "-m", "django", "makemigrations", "--check",
        "--dry-run", "--settings", "xinrong.settings",
    )  # fmt: skip


def locks() -> bool:
    """Locks hold names, versions and hashes, nothing else; the tests' lock contains the core's."""
    faults: list[str] = []
    pins: dict[str, set[str]] = {}
    for path in sorted((PROJECT / "requirements").glob("*.txt")):
        lines = path.read_text(encoding="utf-8").splitlines()
        faults += [
            f"{name_of(path)}:{number}: not a pin or a hash: {line[:60]}"
            for number, line in enumerate(lines, 1)
            if not LOCK_LINE.match(line)
        ]
        pins[path.stem] = {line.split(" ")[0] for line in lines if not line.startswith(" ")}
    faults += [f"requirements/dev.txt lacks {pin}" for pin in sorted(pins["core"] - pins["dev"])]
    return report(faults)


def sizes() -> bool:
    """No module is too long to read."""
    faults = []
    for path in tracked():
        if path.suffix == ".py" and "migrations" not in path.parts:
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if lines > MODULE_LINES:
                faults.append(f"{name_of(path)}: {lines} lines, at most {MODULE_LINES}")
    return report(faults)


def addresses() -> bool:
    """No file names a registry or a path that exists on one machine only."""
    faults = []
    for path in tracked():
        name = name_of(path)
        text = None if name in EXEMPT or name.startswith(UNREAD) else text_of(path)
        for number, line in enumerate((text or "").splitlines(), 1):
            faults += [
                f"{name}:{number}: names {what}"
                for what, pattern in FORBIDDEN.items()
                if re.search(pattern, line)
            ]
    return report(faults)


def report(faults: list[str]) -> bool:
    """Print what was found. Returns whether nothing was."""
    for fault in faults:
        print(f"  {fault}")
    return not faults


CHECKS: tuple[Callable[[], bool], ...] = (
    lint, layout, layers, sizes, locks, addresses, templates, catalogue, generated, migrations,
    types,
)  # fmt: skip


def main() -> int:
    """0 when every chosen check passed."""
    by_name = {check.__name__: check for check in CHECKS}
    unknown = set(sys.argv[1:]) - set(by_name)
    if unknown:
        print(f"error: no check is called {', '.join(sorted(unknown))}", file=sys.stderr)
        print(f"there are: {', '.join(by_name)}", file=sys.stderr)
        return 2
    failed = []
    for name in sys.argv[1:] or by_name:
        check = by_name[name]
        print(f"== {name}: {(check.__doc__ or '').splitlines()[0]}", flush=True)
        started = time.monotonic()
        passed = check()
        print(f"   {'ok' if passed else 'FAILED'} ({time.monotonic() - started:.1f} s)", flush=True)
        if not passed:
            failed.append(name)
    print(f"check failed: {', '.join(failed)}" if failed else "check passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
