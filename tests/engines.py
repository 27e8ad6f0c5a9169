"""The Spark session of the parity tests: local, small, skipped by name where it cannot start."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

#: Java versions that Spark 4 supports.
JAVA_MAJORS = frozenset({"17", "21"})


def find_java() -> str:
    """A JAVA_HOME of a version that Spark supports, or an empty text."""
    java = shutil.which("java")
    homes = [
        *([Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []),
        *sorted(Path("/usr/lib/jvm").glob("*")),
        *([Path(java).resolve().parents[1]] if java else []),
    ]
    for home in homes:
        if (home / "bin/java").exists() and _major(home) in JAVA_MAJORS:
            return str(home)
    return ""


def _major(home: Path) -> str:
    """The major version that a Java installation states, such as 17; empty when it does not."""
    try:
        release = (home / "release").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    found = re.search(r'^JAVA_VERSION="(\d+)', release, re.MULTILINE)
    return found[1] if found else ""


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A Spark session on two local threads, 1 GiB, no web interface, times in UTC."""
    if importlib.util.find_spec("pyspark") is None:
        pytest.skip("needs pyspark: it is not installed (requirements/dev.txt)")
    home = find_java()
    if not home:
        pytest.skip(
            "needs Java 17 or 21: it is not installed (Debian package openjdk-17-jre-headless)"
        )
    os.environ["JAVA_HOME"] = home
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    from pyspark.sql import SparkSession

    work = tmp_path_factory.mktemp("spark")
    session = (
        SparkSession.builder.master("local[2]")
        .appName("xinrong-tests")
        .config("spark.driver.memory", "1g")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.ansi.enabled", "true")
        .config("spark.sql.warehouse.dir", str(work / "warehouse"))
        .config("spark.local.dir", str(work / "local"))
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    gateway: Any = session.sparkContext._gateway
    session.stop()
    process: subprocess.Popen[bytes] | None = getattr(gateway, "proc", None)
    gateway.shutdown()
    if process is not None and process.stdin is not None:
        process.stdin.close()  # the driver's Java process ends when its input does
        process.wait(30)
