from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.environment import PROJECT

#: An empty lock: the bootstrap has then nothing to download.
EMPTY_LOCK = ""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what the bootstrap reads, with nothing to install."""
    root = tmp_path / "project"
    (root / "scripts").mkdir(parents=True)
    (root / "requirements").mkdir()
    (root / "src/xinrong").mkdir(parents=True)
    shutil.copy2(PROJECT / "scripts/bootstrap", root / "scripts/bootstrap")
    for name in ("core", "dev"):
        (root / f"requirements/{name}.txt").write_text(EMPTY_LOCK)
    return root


def tools(folder: Path, **scripts: str) -> Path:
    """A folder of commands: the system's small tools, and the scripts given."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("sh", "dirname", "cat", "cut", "rm", "mkdir", "sha256sum", "chmod", "ln", "id",
                 "uname", "env"):  # fmt: skip
        found = shutil.which(name)
        if found and not (folder / name).exists():
            (folder / name).symlink_to(found)
    for name, text in scripts.items():
        path = folder / name.replace("_", ".")
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
    return folder


def bootstrap(
    project: Path, path: Path, packages: str = "core", **environment: str
) -> subprocess.CompletedProcess[str]:
    base = {"PATH": str(path), "HOME": str(project / "home"), "PIP_NO_INDEX": "1"}
    return subprocess.run(
        ["sh", str(project / "scripts/bootstrap"), packages],
        env=base | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


BROKEN = 'echo "pyenv: version not installed" >&2; exit 127'
OLD = 'case "$*" in *"version_info >= (3, 12)"*) exit 1;; *) exit 0;; esac'


#: A Python in this place is found without being on the PATH.
ELSEWHERE = pytest.mark.skipif(
    any(Path("/usr/local/bin").glob("python3.1[2-9]")),
    reason="needs a machine without a Python in /usr/local/bin",
)


def base_python() -> str:
    return str(Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}")


def test_a_named_python_that_does_not_start_is_refused(project: Path, tmp_path: Path) -> None:
    path = tools(tmp_path / "bin", broken=BROKEN)
    done = bootstrap(project, path, PYTHON=str(path / "broken"))
    assert done.returncode == 1
    assert "is not a working Python >= 3.12" in done.stderr


def test_a_python_that_only_pretends_is_passed_over_for_pyenvs(
    project: Path, tmp_path: Path
) -> None:
    path = tools(tmp_path / "bin", python3_14=BROKEN, python3_13=OLD, python3=OLD)
    version = project / "home/.pyenv/versions" / f"3.{sys.version_info.minor}.0" / "bin"
    version.mkdir(parents=True)
    (version / "python3").symlink_to(base_python())
    done = bootstrap(project, path)
    assert done.returncode == 0, done.stderr
    assert (project / ".venv/lock-core").exists()


def test_the_environment_is_built_once_and_again_when_the_lock_changes(
    project: Path, tmp_path: Path
) -> None:
    path = tools(tmp_path / "bin")
    assert bootstrap(project, path, PYTHON=base_python()).returncode == 0
    again = bootstrap(project, path)
    assert (again.returncode, again.stderr) == (0, "")
    (project / "requirements/core.txt").write_text("# changed\n")
    changed = bootstrap(project, path)
    assert changed.returncode == 0, changed.stderr
    assert "installing requirements/core.txt" in changed.stderr


def test_the_environment_of_the_tests_serves_the_demo_too(project: Path, tmp_path: Path) -> None:
    path = tools(tmp_path / "bin")
    assert bootstrap(project, path, "dev", PYTHON=base_python()).returncode == 0
    assert bootstrap(project, path, "core").stderr == ""


def test_a_broken_environment_is_built_anew(project: Path, tmp_path: Path) -> None:
    path = tools(tmp_path / "bin")
    assert bootstrap(project, path, PYTHON=base_python()).returncode == 0
    (project / ".venv/bin/python").unlink()
    (project / ".venv/bin/python").symlink_to("/nonexistent")
    done = bootstrap(project, path, PYTHON=base_python())
    assert done.returncode == 0, done.stderr
    assert "building .venv" in done.stderr


@ELSEWHERE
def test_without_any_python_one_comes_through_uv(project: Path, tmp_path: Path) -> None:
    fetch = (
        'case "$1" in --version) exit 0;; '
        'python) folder="$UV_PYTHON_INSTALL_DIR/cpython-3.13.9-linux/bin"; mkdir -p "$folder"; '
        f'ln -s "{base_python()}" "$folder/python3";; '
        "pip) exit 0;; esac"
    )
    done = bootstrap(project, tools(tmp_path / "bin", uv=fetch))
    assert done.returncode == 0, done.stderr
    assert "getting one through uv" in done.stderr


@ELSEWHERE
def test_without_python_and_uv_the_error_says_what_to_do(project: Path, tmp_path: Path) -> None:
    done = bootstrap(project, tools(tmp_path / "bin"))
    assert done.returncode == 1
    assert "no Python >= 3.12 that works was found" in done.stderr
    assert "make demo PYTHON=" in done.stderr
    assert "\nTraceback" not in done.stderr


def test_a_package_without_its_hash_is_not_installed(project: Path, tmp_path: Path) -> None:
    (project / "requirements/core.txt").write_text("click==8.5.1\n")
    done = bootstrap(project, tools(tmp_path / "bin"), PYTHON=base_python())
    assert done.returncode == 1
    assert not (project / ".venv/lock-core").exists()
