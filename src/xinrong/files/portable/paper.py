"""A report as a paper: the same sheet as a printed file, with the code that proves its facts."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

import qrcode  # type: ignore[import-untyped]
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from qrcode.constants import ERROR_CORRECT_M  # type: ignore[import-untyped]
from qrcode.image.svg import SvgPathImage  # type: ignore[import-untyped]

from xinrong.catalogue.region import load_region
from xinrong.domain.portable import Core, open_core
from xinrong.domain.portable.opening import OpenedPart
from xinrong.domain.portable.qr import MARK
from xinrong.domain.portable.telling import Words, coverage
from xinrong.domain.signatures import from_base64url
from xinrong.files.portable.making import Handed, qr_of
from xinrong.files.printing import wording
from xinrong.files.printing.layout import LANGUAGES
from xinrong.files.printing.plain import plain, short, spaced
from xinrong.files.printing.typesetting import typeset
from xinrong.trust.services import key_document

Json = dict[str, Any]
LEFT_OUT = Words(
    "企业选择不列入。不表示没有此类记录。",
    "Left out by the enterprise. It does not mean that there are none.",
)
NOTHING = Words("已覆盖的来源中没有此类记录。", "No covered source holds such a record.")


def paper(handed: Handed, *, check_at: str = "", language: str = "zh-hans") -> bytes:
    """The PDF. `check_at` is the page that verifies; it stands on the paper and in the code.

    Raises PaperError.
    """
    language = language if language in LANGUAGES else LANGUAGES[0]
    with override(language):
        sheet = _Sheet(handed, language, check_at).made()
    return typeset(sheet, at=handed.report.issued_at)


def code_image(text: str) -> str:
    """The text as a QR code: SVG of one path. What is behind the address takes the dense mode."""
    made = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=4)
    before, mark, behind = text.partition(MARK)
    for part in (before, mark + behind):
        if part:
            made.add_data(part, optimize=0)
    made.make(fit=True)
    file = io.BytesIO()
    made.make_image(image_factory=SvgPathImage).save(file)
    return file.getvalue().decode()


class _Sheet:
    """Puts one report into texts."""

    def __init__(self, handed: Handed, language: str, check_at: str) -> None:
        self.handed, self.language, self.check_at = handed, language, check_at
        self.core: Core = open_core(handed.report.envelope["payload"])
        self.parts = {part.name: part for part in self.core.parts}

    def said(self, zh: str, en: str) -> str:
        return Words(zh, en).said(self.language)

    def told(self, words: Mapping[str, str]) -> str:
        return plain(words["en" if self.language.startswith("en") else "zh"])

    def says(self, part: str) -> list[Mapping[str, Any]]:
        return [claim.says for claim in self.handed.claims if claim.part == part]

    def made(self) -> Json:
        core = self.core
        title = self.said("企业自持信用报告", "Portable credit report")
        issued = core.issued.strftime("%Y-%m-%d %H:%M:%S")
        until = core.last_day.isoformat()
        return {
            "language": "en" if self.language.startswith("en") else "zh",
            "title": title,
            "platform": plain(str(core.issuer["name"])),
            "number": core.number,
            "name": short(core.name or core.code, 200),
            "code": plain(core.code),
            "running": f"{short(core.name, 24)}  {plain(core.code)}",
            "mark": [
                short(core.to, 26) or title,
                self.said(f"有效期至 {until}", f"valid until {until}"),
                core.number,
            ],
            "status": self.said("由企业自行出示", "shown by the enterprise itself"),
            "facts": self.facts(issued, until),
            "qr": "",
            "seal": code_image(qr_of(self.handed.report, self.check_at)),
            "seal_note": self.seal_note(),
            "coverage": coverage(core.coverage, self.language),
            "notes": list(self.notes()),
            "withheld": self.left_out(),
            "registration": self.registration(),
            "names": self.names(),
            "tables": [*self.grade(), *self.figures()],
            "lists": [self.listed(part) for part in ("negative", "positive", "other")],
            "sources": self.sources(),
            "bases": [],
            "proof": self.proof(),
            "explained": self.explained(),
            "words": self.words(),
        }

    def facts(self, issued: str, until: str) -> list[list[str]]:
        anybody = self.said("未指定；企业可向任何一方出示", "nobody by name")
        return [
            [self.said("出具给", "Made for"), plain(self.core.to, 200) or anybody],
            [self.said("签发时间", "Issued at"), f"{issued} {_('(China time)')}"],
            [
                self.said("有效期至", "Valid until"),
                self.said(f"{until}（含当日）", f"{until}, that day included"),
            ],
            [_("Number"), self.core.number],
        ]

    def notes(self) -> Iterable[str]:
        if self.core.issuer["invented"]:
            yield _("Every enterprise of this city is invented.")
        yield self.said(
            "内容由企业选择。凡标明“不列入”的部分，不能据此判断有无。",
            "The enterprise chose what is inside. Nothing follows from a part that is left out.",
        )
        undated = self.core.coverage["undated"]
        if undated:
            yield self.said(
                f"另有 {undated} 条负面记录缺少日期，依法不予展示。",
                f"{undated} negative records without a date may not be shown.",
            )

    def left_out(self) -> list[Json]:
        """What the enterprise left out, part by part and category by category."""
        made = []
        gone = [self.part_title(part.name) for part in self.core.parts if not part.included]
        if gone:
            made.append(self.gone(LEFT_OUT.said(self.language), gone))
        without = sorted({name for part in self.core.parts for name in part.without})
        if without:
            why = self.said(
                "以下类别的正面、其他记录和汇总不列入：",
                "Of these categories no positive and other records and no sums are inside:",
            )
            contracts = load_region(settings.REGION).contracts
            titles = [
                plain(contracts[name].title.in_language(self.language))
                if name in contracts
                else plain(name)
                for name in without
            ]
            made.append(self.gone(why, titles))
        return made

    @staticmethod
    def gone(why: str, titles: list[str]) -> Json:
        return {"why": why, "remedy": "", "titles": _(", ").join(titles)}

    def part_title(self, name: str) -> str:
        from xinrong.domain.portable.telling import PARTS

        return PARTS[name].said(self.language)

    def registration(self) -> Json | None:
        found = next((one for one in self.says("register") if one["kind"] == "registration"), None)
        if found is None:
            return None
        return {
            "fields": self.fields(found),
            "source": self.source(found),
            "objection": self.objection(found),
        }

    def names(self) -> list[list[str]]:
        return [
            [plain(one["name"], 200), self.told(one["source"]), one["received"]]
            for one in self.says("register")
            if one["kind"] == "name"
        ]

    def fields(self, one: Mapping[str, Any]) -> list[list[str]]:
        made = [[self.told(each["title"]), plain(self.value(each)), ""] for each in one["fields"]]
        if one["hidden"]:
            told = self.said(f"{one['hidden']} 项", f"{one['hidden']}")
            made.append(
                [self.said("未列入的敏感字段", "Sensitive fields left out"), told, "masked"]
            )
        return made

    def value(self, one: Mapping[str, Any]) -> str:
        if "words" in one:
            return self.told(one["words"])
        value = one["value"]
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        return f"{value} {one['unit']}" if one.get("unit") else str(value)

    def source(self, one: Mapping[str, Any]) -> str:
        return f"{self.told(one['source'])} · {_('received')} {one['received']}"

    def listed(self, part: str) -> Json:
        """The records of one sign. A part that was left out says so, never that there is none."""
        opened: OpenedPart = self.parts[part]
        found = self.says(part)
        count = wording.count(len(found))
        if opened.more:
            count += self.said(f"（另有 {opened.more} 条更早）", f" (and {opened.more} older)")
        sign = {"other": "neutral"}.get(part, part)
        return {
            "sign": sign,
            "title": self.part_title(part),
            "meaning": "",
            "count": count if opened.included else wording.NOTHING,
            "nothing": (NOTHING if opened.included else LEFT_OUT).said(self.language),
            "records": [self.record(one) for one in found],
        }

    def record(self, one: Mapping[str, Any]) -> Json:
        begun = one["from"] or _("undated")
        until = f"{_('Shown until')} {one['shown_until']}" if one["shown_until"] else ""
        return {
            "title": self.told(one["title"]),
            "date": f"{begun} – {one['to']}" if one["to"] else begun,
            "amount": self.money(one["amount"]),
            "fields": self.fields(one),
            "source": self.source(one),
            "until": until,
            "objection": self.objection(one),
        }

    def objection(self, one: Mapping[str, Any]) -> str:
        """That the enterprise objects, and its own words; empty where it does not."""
        found = one.get("objection")
        if not found:
            return ""
        told = self.said(
            f"企业自 {found['since']} 起提出异议。",
            f"The enterprise objects since {found['since']}.",
        )
        return f"{told} {plain(found['statement'])}".strip()

    @staticmethod
    def money(amount: str | None) -> str:
        return "" if amount is None else _("%(amount)s yuan") % {"amount": amount}

    def grade(self) -> Iterable[Json]:
        for one in self.says("grade"):
            rows = [[self.told(row["title"]), self.told(row["text"])] for row in one["rows"]]
            yield {
                "title": self.part_title("grade"),
                "head": [str(one["grade"]), self.told(one["scale_title"])],
                "rows": rows,
            }

    def figures(self) -> Iterable[Json]:
        found = self.says("figures")
        if found:
            yield {
                "title": self.part_title("figures"),
                "head": [_("Category"), _("Year"), _("Records"), _("Amount")],
                "rows": [
                    [
                        self.told(one["title"]),
                        str(one["year"] or wording.NOTHING),
                        wording.count(one["records"]) + self.objected(one),
                        self.money(one["amount"]) or wording.NOTHING,
                    ]
                    for one in found
                ],
            }

    def objected(self, one: Mapping[str, Any]) -> str:
        """How many of the records of a sum are under objection; empty where none is."""
        number = one.get("objected")
        if not number:
            return ""
        return self.said(f"（{number} 条存在异议）", f" ({number} under objection)")

    def sources(self) -> list[list[str]]:
        return [
            [
                self.told(one["title"]),
                wording.word(wording.SOURCE_STATES, one["state"]),
                "",
                one["last_received"] or wording.NOTHING,
            ]
            for one in self.says("sources")
        ]

    def proof(self) -> list[list[str]]:
        core, kid = self.core, self.handed.report.envelope["kid"]
        key = next(one for one in key_document()["keys"] if one["kid"] == kid)
        fingerprint = sha256(from_base64url(key["public"])).hexdigest()
        return [
            [_("Number"), core.number],
            [_("Query no."), str(core.basis["audit"])],
            [_("State of the store"), str(core.basis["seq"])],
            [_("Digest of what was released"), spaced(core.basis["released"])],
            [_("Head of the audit chain"), spaced(core.basis["head"]) or wording.NOTHING],
            [_("Public key of the platform"), f"{key['alg']} {kid}"],
            [_("Fingerprint of the key (SHA-256)"), spaced(fingerprint)],
        ]

    def seal_note(self) -> str:
        return self.said(
            "扫描二维码核验：企业名称、代码、有效期、各部分条数和评级由平台签名，离线即可核验。",
            "Scan to verify: name, code, validity, counts and grade are signed by the platform and "
            "verify without a network.",
        )

    def explained(self) -> list[str]:
        return [
            self.said(
                "二维码只证明其中所列事实。其余内容以电子文件（JSON）核验：文件与二维码须属于同一份报告。",
                "The code proves the facts in it. What else stands here is proven by the file "
                "(JSON): file and code have to be the same report.",
            ),
            self.said(
                "报告可能在到期前被撤回，或因记录修复、更正而被取代；请核对平台签名的状态清单。",
                "It may be withdrawn or superseded before its day: compare the signed list of "
                "states of the platform.",
            ),
            self.said(
                "平台的电子签名在取得依法设立的电子认证机构认证之前，属于证据，不是可靠的电子签名。",
                "Until a licensed authority has certified the key, the signature is evidence and "
                "not a reliable electronic signature in law.",
            ),
        ]

    def words(self) -> dict[str, str]:
        return {
            "number": _("Number"),
            "coverage": _("Coverage"),
            "withheld": self.said("企业选择不列入", "Left out by the enterprise"),
            "registration": _("Registration"),
            "no_registration": LEFT_OUT.said(self.language)
            if not self.parts["register"].included
            else _("No registration record"),
            "names": _("Names"),
            "no_names": wording.NOTHING,
            "name": _("Name"),
            "source": _("Source"),
            "received": _("Received"),
            "covered": _("What is covered, and what is not"),
            "category": _("Category"),
            "state": _("State"),
            "records": "",
            "last": _("Last received"),
            "basis": _("Legal basis"),
            "proof": _("Proof"),
            "qr": self.said("扫描核验", "Scan to verify"),
            "colon": _(": "),
        }
