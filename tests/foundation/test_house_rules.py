from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.environment import PROJECT


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The checks, turned on an empty project."""
    spec = importlib.util.spec_from_file_location("house_check", PROJECT / "scripts/check.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    monkeypatch.setattr(module, "PROJECT", tmp_path)
    return module


def locks(root: Path, core: str, dev: str) -> None:
    (root / "requirements").mkdir()
    (root / "requirements/core.txt").write_text(core)
    (root / "requirements/dev.txt").write_text(dev)


PIN = "click==8.5.1 \\\n    --hash=sha256:" + "0" * 64 + "\n"
MARKED = "colorama==0.4.6 ; sys_platform == 'win32' \\\n    --hash=sha256:" + "0" * 64 + "\n"


def test_a_lock_of_names_versions_and_hashes_is_accepted(check, tmp_path: Path) -> None:
    locks(tmp_path, PIN, PIN + MARKED)
    assert check.locks()


@pytest.mark.parametrize(
    "line",
    [
        "# made by a tool at /home/somebody/project",
        "--index-url https" + "://registry.example/simple",
        "click @ https" + "://registry.example/click.whl",
        "click>=8",
        "-e .",
    ],
)
def test_a_lock_that_says_anything_else_is_refused(check, tmp_path: Path, line: str) -> None:
    locks(tmp_path, PIN, PIN + line + "\n")
    assert not check.locks()


def test_the_tests_run_on_what_the_platform_runs_on(check, tmp_path: Path) -> None:
    locks(tmp_path, PIN, PIN.replace("8.5.1", "8.5.2"))
    assert not check.locks()


@pytest.mark.parametrize(
    ("line", "allowed"),
    [
        ("see /" + "home/somebody/notes.txt", False),
        ("data in /" + "root/data", False),
        ("pip install --index" + "-url x", False),
        ("https" + "://py" + "pi.org/p/x", False),
        ("see src/work/flow.py and docs/home/page.md", True),
        ("GET /api/v1/enterprises", True),
    ],
)
def test_no_file_names_a_registry_or_a_machines_path(
    check, tmp_path: Path, line: str, allowed: bool
) -> None:
    (tmp_path / "notes.md").write_text(f"first\n{line}\n")
    assert check.addresses() is allowed


def test_a_module_that_is_too_long_is_refused(check, tmp_path: Path) -> None:
    (tmp_path / "long.py").write_text("x = 1\n" * 400)
    assert check.sizes()
    (tmp_path / "long.py").write_text("x = 1\n" * 401)
    assert not check.sizes()


def test_an_unknown_check_is_an_error() -> None:
    done = subprocess.run(
        [sys.executable, PROJECT / "scripts/check.py", "everything"],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 2
    assert "no check is called everything" in done.stderr


LAYERS = {
    "a page reads the store": ("pages/public/home.py", "from xinrong.store import services"),
    "the store knows the catalogue": ("store/manifest.py", "from xinrong.catalogue import region"),
    "the domain knows Django": ("domain/errors.py", "import django"),
    "another's models are imported": ("collect/apps.py", "from xinrong.trust import models"),
    "the gate knows what stands on it": ("trust/gate.py", "from xinrong.files import services"),
    "the generator writes to the store": ("synth/__init__.py", "from xinrong.store import schema"),
}


@pytest.mark.parametrize("breach", LAYERS, ids=[name.replace(" ", "-") for name in LAYERS])
def test_a_breach_of_the_layers_is_found(breach: str, tmp_path: Path) -> None:
    import shutil

    module, line = LAYERS[breach]
    shutil.copytree(PROJECT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy2(PROJECT / "pyproject.toml", tmp_path)
    path = tmp_path / "src/xinrong" / module
    path.write_text(path.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-logo", "--no-cache"],
        cwd=tmp_path, env={"PYTHONPATH": "src", "PATH": "/usr/bin:/bin"},
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1
    assert f"xinrong.{module.removesuffix('.py').removesuffix('/__init__').replace('/', '.')}" in (
        done.stdout
    )
