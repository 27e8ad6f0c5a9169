"""Forgeries of portable reports: every trick that we know, with what a verifier is given."""

from __future__ import annotations

import base64
import copy
import json
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from benchmarks._report_changes import change, shuffled
from tests.domain.portable.made import ISSUED, KEY, KEYS, OTHER, RIVAL, SIGNER, Made, report
from xinrong.domain.portable import PARTS, ReportKey, State, write_status
from xinrong.domain.portable.qr import MARK
from xinrong.domain.signatures import base64url, from_base64url, seal
from xinrong.domain.signatures.envelope import signed_bytes

NOW = ISSUED + timedelta(days=3)
#: The order of the group of Ed25519: adding it to the second half of a signature was a trick once.
ORDER = 2**252 + 27742317777372353535851937790883648493


@dataclass(frozen=True)
class Forgery:
    """What a verifier is given. `kind` names the trick."""

    kind: str
    text: bytes
    qr: str = ""
    now: datetime = NOW
    keys: tuple[ReportKey, ...] = KEYS
    status: bytes = b""


class Forger:
    """Makes forgeries of a few genuine reports, of one enterprise and of another."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.made = [
            report(6),
            report(9, number="AAAA-AAAA-AAAA-AAAA", seed=b"t" * 32, days=5),
            report(6, number="BBBB-BBBB-BBBB-BBBB", seed=b"u" * 32, about=RIVAL, name="对手"),
            report(6, number="CCCC-CCCC-CCCC-CCCC", seed=b"v" * 32, without=("negative",)),
        ]
        self.ended = self._list([(self.made[0].number, State.WITHDRAWN, date(2026, 11, 23))])
        self.kinds: list[Callable[[Made, dict[str, Any]], Forgery]] = [
            getattr(self, name) for name in sorted(dir(self)) if name.startswith("by_")
        ]

    def forgeries(self, number: int) -> Iterator[Forgery]:
        """So many, each kind in turn."""
        for place in range(number):
            kind = self.kinds[place % len(self.kinds)]
            made = self.random.choice(self.made)
            yield replace(
                kind(made, copy.deepcopy(made.file)), kind=kind.__name__.removeprefix("by_")
            )

    def _list(self, ended: list[tuple[str, State, date]], signer: Any = SIGNER) -> bytes:
        now = NOW - timedelta(hours=1)
        return json.dumps(write_status(ended, signer, region="nowhere", now=now)).encode()

    def spelled(self, file: Any, **more: Any) -> Forgery:
        """A forgery, written in one of several ways that mean the same."""
        ascii_, indent = self.random.random() < 0.3, self.random.choice([None, 1, 4])
        text = json.dumps(file, ensure_ascii=ascii_, indent=indent)
        return Forgery("", text.encode("utf-8", "surrogatepass"), **more)

    # --- bytes --------------------------------------------------------------------------------
    def by_flipped_bytes(self, made: Made, file: dict[str, Any]) -> Forgery:
        text = bytearray(made.text)
        for _ in range(self.random.choice([1, 1, 1, 2, 5])):
            text[self.random.randrange(len(text))] ^= 1 << self.random.randrange(8)
        return Forgery("", bytes(text))

    def by_inserted_or_deleted_bytes(self, made: Made, file: dict[str, Any]) -> Forgery:
        text = bytearray(made.text)
        for _ in range(self.random.choice([1, 2, 3])):
            place = self.random.randrange(len(text))
            if self.random.random() < 0.5:
                del text[place : place + self.random.randrange(1, 4)]
            else:
                text[place:place] = self.random.choice([b" ", b",", b'"', b"0", b"\x00", b"\xef"])
        return Forgery("", bytes(text))

    def by_cut_or_doubled(self, made: Made, file: dict[str, Any]) -> Forgery:
        text, place = made.text, self.random.randrange(len(made.text))
        return Forgery(
            "", self.random.choice([text[:place], text + text, text + text[:place], text[place:]])
        )

    # --- claims -------------------------------------------------------------------------------
    def by_changed_claim(self, made: Made, file: dict[str, Any]) -> Forgery:
        claim = self.random.choice(file["claims"])
        change(claim["says"], self.random)
        return self.spelled(file)

    def by_changed_salt_or_part(self, made: Made, file: dict[str, Any]) -> Forgery:
        claim = self.random.choice(file["claims"])
        if self.random.random() < 0.5:
            claim["part"] = self.random.choice([*PARTS, "secrets"])
        else:
            claim["salt"] = self.random.choice(
                [base64url(self.random.randbytes(16)), "", claim["salt"] + "=", claim["salt"][:-1]]
            )
        return self.spelled(file)

    def by_claim_of_another_report(self, made: Made, file: dict[str, Any]) -> Forgery:
        other = self.random.choice(self.made)
        claim = copy.deepcopy(self.random.choice(other.file["claims"]))
        if self.random.random() < 0.5:
            file["claims"][self.random.randrange(len(file["claims"]))] = claim
        else:
            file["claims"].append(claim)
        return self.spelled(file)

    def by_invented_claim(self, made: Made, file: dict[str, Any]) -> Forgery:
        says = {"kind": "grade", "grade": "AAA"}
        invented = {"part": "grade", "salt": base64url(self.random.randbytes(16)), "says": says}
        file["claims"].append(invented)
        return self.spelled(file)

    def by_left_out_claims(self, made: Made, file: dict[str, Any]) -> Forgery:
        gone = self.random.randrange(1, len(file["claims"]))
        for _ in range(gone):
            file["claims"].pop(self.random.randrange(len(file["claims"])))
        return self.spelled(file)

    def by_twice_the_same_claim(self, made: Made, file: dict[str, Any]) -> Forgery:
        file["claims"].append(self.random.choice(file["claims"]))
        self.random.shuffle(file["claims"])
        return self.spelled(file)

    def by_another_order(self, made: Made, file: dict[str, Any]) -> Forgery:
        self.random.shuffle(file["claims"])
        return self.spelled(shuffled(file, self.random))

    # --- the core -----------------------------------------------------------------------------
    def by_changed_core(self, made: Made, file: dict[str, Any]) -> Forgery:
        change(file["core"]["payload"], self.random)
        return self.spelled(file)

    def by_changed_dates(self, made: Made, file: dict[str, Any]) -> Forgery:
        payload = file["core"]["payload"]
        days = self.random.choice([-30, -1, 1, 60, 400])
        last = date.fromisoformat(payload["last_day"]) + timedelta(days=days)
        issued = datetime.fromisoformat(payload["issued"]) + timedelta(days=days)
        if self.random.random() < 0.7:
            payload["last_day"] = last.isoformat()
        else:
            payload["issued"] = issued.isoformat()
        return self.spelled(file, now=NOW + timedelta(days=self.random.choice([0, 40, 100])))

    def by_parts_made_clean(self, made: Made, file: dict[str, Any]) -> Forgery:
        """The negative part emptied, left out, or taken for included; digests added."""
        parts = file["core"]["payload"]["parts"]
        file["claims"] = [claim for claim in file["claims"] if claim["part"] != "negative"]
        trick = self.random.randrange(4)
        if trick == 0:
            parts[1] = {"name": "negative", "state": "left_out"}
        elif trick == 1:
            parts[1] = {"digests": [], "more": 0, "name": "negative", "state": "included",
                        "without": []}  # fmt: skip
        elif trick == 2:
            del parts[1]
        else:
            parts[2]["digests"] = [base64url(self.random.randbytes(32))]
        return self.spelled(file)

    def by_core_of_another_report(self, made: Made, file: dict[str, Any]) -> Forgery:
        other = self.random.choice(self.made)
        file["core"] = copy.deepcopy(other.file["core"])
        if self.random.random() < 0.3:
            file["claims"] = []
        return self.spelled(file)

    # --- keys and signatures ------------------------------------------------------------------
    def by_another_algorithm(self, made: Made, file: dict[str, Any]) -> Forgery:
        core = file["core"]
        core["alg"] = self.random.choice(
            ["none", "", "HS256", "ed25519", "Ed25519 ", "EdDSA", "SM2", None, 1, ["Ed25519"]]
        )
        if self.random.random() < 0.5:
            core["signature"] = self.random.choice(["", base64url(bytes(64)), None])
        if self.random.random() < 0.5:
            core["payload"]["last_day"] = "2026-12-30"
        return self.spelled(file)

    def by_another_key(self, made: Made, file: dict[str, Any]) -> Forgery:
        """Signed by somebody else, under their name or under the platform's."""
        payload = file["core"]["payload"]
        change(payload, self.random)
        file["core"] = seal(payload, OTHER)
        if self.random.random() < 0.7:
            file["core"]["kid"] = SIGNER.kid
        if self.random.random() < 0.5:
            message = signed_bytes(payload, "Ed25519", SIGNER.kid)
            file["core"]["signature"] = base64url(OTHER.sign(message))
        return self.spelled(file)

    def by_a_key_out_of_use(self, made: Made, file: dict[str, Any]) -> Forgery:
        past = self.random.choice([True, False])
        key = (
            ReportKey(SIGNER.public, KEY.since, ISSUED - timedelta(days=1))
            if past
            else ReportKey(SIGNER.public, ISSUED + timedelta(days=1), None)
        )
        return self.spelled(file, keys=(key,))

    def by_an_unknown_key(self, made: Made, file: dict[str, Any]) -> Forgery:
        stranger = ReportKey(OTHER.public, KEY.since, None)
        if self.random.random() < 0.5:
            file["core"]["kid"] = OTHER.kid
            return self.spelled(file, keys=(*KEYS, stranger))
        return self.spelled(file, keys=(stranger,))

    def by_a_signature_of_something_else(self, made: Made, file: dict[str, Any]) -> Forgery:
        payload = {"type": "xinrong.consent.receipt", "version": 1}
        if self.random.random() < 0.5:
            file["core"] = seal(payload, SIGNER)
            file["claims"] = []
        else:
            file["core"]["payload"]["last_day"] = "2026-12-30"
            file["core"]["signature"] = seal(payload, SIGNER)["signature"]
        return self.spelled(file)

    def by_another_spelling_of_the_signature(self, made: Made, file: dict[str, Any]) -> Forgery:
        core = file["core"]
        raw = from_base64url(core["signature"])
        second = int.from_bytes(raw[32:], "little") + ORDER
        core["signature"] = self.random.choice(
            [
                core["signature"] + "==",
                core["signature"] + "\n",
                base64.b64encode(raw).decode(),
                core["signature"][:-1] + self.random.choice("AQgw"),
                base64url(raw[:32] + second.to_bytes(32, "little")),
                base64url(raw[::-1]),
                base64url(raw + b"\0"),
            ]
        )
        return self.spelled(file)

    # --- JSON that readers read in different ways ---------------------------------------------
    def by_a_key_twice(self, made: Made, file: dict[str, Any]) -> Forgery:
        payload = json.dumps(file["core"]["payload"], ensure_ascii=False)
        twice = self.random.choice(
            [
                payload.replace('"last_day":', '"last_day": "2026-12-30", "last_day":', 1),
                payload[:-1] + ', "last_day": "2026-12-30"}',
                payload.replace('"to":', '"to": "别人", "to":', 1),
                payload.replace('"clean":', '"clean": 23, "clean":', 1),
                payload.replace('"type":', '"typ\\u0065": "x", "type":', 1),
            ]
        )
        text = json.dumps(file, ensure_ascii=False).replace(payload, twice, 1)
        return Forgery("", text.encode())

    def by_escapes(self, made: Made, file: dict[str, Any]) -> Forgery:
        """Every sign escaped: the same values, so it may be accepted."""
        text = json.dumps(file, ensure_ascii=True)
        for letter in "aekr":
            if self.random.random() < 0.5:
                text = text.replace(letter, f"\\u{ord(letter):04x}")
        return Forgery("", text.encode())

    def by_other_numbers(self, made: Made, file: dict[str, Any]) -> Forgery:
        text = json.dumps(file, ensure_ascii=False)
        old, new = self.random.choice(
            [
                ('"covered": 23', '"covered": 23.0'),
                ('"covered": 23', '"covered": 2.3e1'),
                ('"covered": 23', '"covered": 9007199254740993'),
                ('"covered": 23', '"covered": 023'),
                ('"version": 1', '"version": true'),
                ('"version": 1', '"version": 1.0'),
                ('"undated": 0', '"undated": -0'),
                ('"undated": 0', '"undated": false'),
                ('"undated": 0', '"undated": null'),
                ('"year": 2025', '"year": 2025.0'),
                ('"year": 2025', '"year": "2025"'),
                ('"more": 0', '"more": NaN'),
                ('"seq": 128', '"seq": ' + "9" * 400),
            ]
        )
        return Forgery("", text.replace(old, new, 1).encode())

    def by_other_text(self, made: Made, file: dict[str, Any]) -> Forgery:
        """Signs that look alike, decomposed ones, hidden ones, half characters."""
        about = file["core"]["payload"]["about"]
        about["name"] = self.random.choice(
            [
                about["name"] + "\u200b",
                about["name"].replace("有", "冇"),
                "\u202e" + about["name"],
                unicodedata.normalize("NFD", about["name"] + "é"),
                about["name"] + "\ud800",
                about["name"].strip() + " ",
                about["name"] + "\0",
            ]
        )
        return self.spelled(file)

    def by_depth(self, made: Made, file: dict[str, Any]) -> Forgery:
        depth = self.random.choice([20, 200, 100_000])
        inner = "[" * depth + "]" * depth
        text = json.dumps(file)
        return Forgery("", (text[:-1] + f', "x": {inner}}}').encode())

    def by_more_fields(self, made: Made, file: dict[str, Any]) -> Forgery:
        place = self.random.choice([file, file["core"], file["core"]["payload"],
                                    self.random.choice(file["claims"])])  # fmt: skip
        place[self.random.choice(["note", "grade", "Core", "x" * 80])] = "AAA"
        return self.spelled(file)

    # --- time ---------------------------------------------------------------------------------
    def by_time(self, made: Made, file: dict[str, Any]) -> Forgery:
        apart = self.random.choice(
            [timedelta(days=-400), timedelta(days=-1), timedelta(minutes=-10),
             timedelta(minutes=-1), timedelta(days=1), timedelta(days=5), timedelta(days=6),
             timedelta(days=29), timedelta(days=30), timedelta(days=31), timedelta(days=4000)]
        )  # fmt: skip
        return self.spelled(file, now=ISSUED + apart)

    # --- the paper and the list ---------------------------------------------------------------
    def by_the_code_of_another(self, made: Made, file: dict[str, Any]) -> Forgery:
        return self.spelled(file, qr=self.random.choice(self.made).qr)

    def by_a_changed_code(self, made: Made, file: dict[str, Any]) -> Forgery:
        before, mark, behind = made.qr.partition(MARK)
        signs = list(behind)
        trick = self.random.randrange(4)
        place = self.random.randrange(len(signs))
        if trick == 0:
            signs[place] = self.random.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        elif trick == 1:
            del signs[place]
        elif trick == 2:
            signs[place] = signs[place].lower()
        else:
            raw = base64.b32decode(behind + "=" * (-len(behind) % 8))
            raw = raw.replace(b'"A"', b'"S"', 1)
            signs = list(base64.b32encode(raw).decode().rstrip("="))
        return self.spelled(file, qr=before + mark + "".join(signs))

    def by_a_list_of_states(self, made: Made, file: dict[str, Any]) -> Forgery:
        forged = json.loads(self.ended)
        forged["payload"]["reports"] = []
        status = self.random.choice(
            [self.ended, json.dumps(forged).encode(), self._list([], OTHER), b"{}", b"x"]
        )
        return self.spelled(file, status=status)
