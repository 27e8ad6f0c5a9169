"""The conformance suite: the simulator keeps every rule, and whoever breaks one is told which."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from banksim import conform, receiving, signing
from banksim.faults import Dice, Faults
from banksim.ledger import Ledger
from banksim.receiving import Desk, server_of


class Address:
    """A bank's address, which a test breaks."""

    def __init__(self, folder: Path) -> None:
        self.secret = conform.signing_secret()
        self.key_file = folder / "key"
        self.key_file.write_text(self.secret, encoding="utf-8")
        self.ledger = Ledger(folder / "ledger")
        self.desk = Desk("haifeng", self.secret, self.ledger, Faults(), Dice(1), lambda _: None)
        self.server = server_of(self.desk, 0)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def failed(self) -> set[str]:
        suite = conform.Suite(self.url, self.secret, "haifeng")
        return {rule.name for rule, holds, _ in conform.tried(suite) if not holds}

    def behave(self, **faults: Any) -> None:
        handler: Any = self.server.RequestHandlerClass
        handler.desk = replace(self.desk, faults=Faults(**faults))


@pytest.fixture
def address(tmp_path: Path) -> Iterator[Address]:
    made = Address(tmp_path)
    yield made
    made.server.shutdown()
    made.server.server_close()
    made.ledger.close()


def test_the_simulator_keeps_every_rule_as_the_command_says(address: Address) -> None:
    words = ["conform", address.url, "--key-file", str(address.key_file), "--name", "haifeng"]
    done = subprocess.run(
        [sys.executable, "-m", "banksim", *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    count = len(conform.RULES)
    assert f"{count} of {count} rules hold" in done.stdout


def test_one_that_never_checks_signatures_fails_by_name(
    address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing, "holds", lambda *_: True)
    assert address.failed() >= {"knows_its_secret", "checks_the_body", "refuses_what_is_old"}


def test_one_that_takes_everything_twice_fails_by_name(
    address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Ledger, "take", lambda *_: "taken")
    assert address.failed() == {
        "refuses_replays", "refuses_another_body", "refuses_a_number_twice",
    }  # fmt: skip


def test_one_that_verifies_json_written_anew_fails_by_name(
    address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "TYPES", frozenset({"ping", "application", "greeting"}))
    assert "refuses_unknown_types" in address.failed()


@pytest.mark.parametrize("fault", [{"silent": True}, {"down": True}, {"garbles": 1.0}])
def test_one_that_is_broken_fails_and_says_what_was_answered(
    address: Address, fault: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    address.behave(garbage=100_000, **fault)
    words = [address.url, "--key-file", str(address.key_file), "--name", "haifeng"]
    command = conform.argparse.ArgumentParser()
    conform.options(command)
    assert conform.run(command.parse_args(words)) == 1
    told = capsys.readouterr().out
    assert "FAILED  wants_a_signature" in told
    assert "Refuse every request whose three headers are not all there." in told


def test_an_address_where_nobody_is_fails_every_rule(tmp_path: Path) -> None:
    suite = conform.Suite("http://127.0.0.1:9/", conform.signing_secret(), "haifeng")
    assert all(not holds for _, holds, _ in conform.tried(suite))


def test_every_rule_says_what_to_do() -> None:
    names = [rule.name for rule in conform.RULES]
    assert len(set(names)) == len(names)
    assert all(rule.remedy.endswith(".") and rule.expects for rule in conform.RULES)
    assert json.dumps(names)
