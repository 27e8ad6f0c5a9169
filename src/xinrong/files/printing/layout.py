"""From a release to what the template sets: texts in order, and nothing that it could run."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import qrcode  # type: ignore[import-untyped]
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from qrcode.image.svg import SvgPathImage  # type: ignore[import-untyped]

from xinrong.catalogue.region import Region, load_region
from xinrong.files.printing import wording
from xinrong.files.printing.content import WholeFile
from xinrong.files.printing.numbering import PaperNumber
from xinrong.files.printing.plain import plain, short, spaced
from xinrong.files.types import FieldValue, FileRecord, Sign
from xinrong.trust.services import Purpose, Release, Stage

LANGUAGES = ("zh-hans", "en")
Json = dict[str, Any]
Pairs = list[list[str]]


@dataclass(frozen=True)
class SigningKey:
    """The platform's key that signs now: its name and the SHA-256 of the public key."""

    kid: str
    alg: str
    fingerprint: str


@dataclass(frozen=True)
class Occasion:
    """What a paper says beside the file: for whom and for what it was made.

    `check_at` is the address at which anybody checks a number; empty where none is known.
    """

    number: PaperNumber
    institution: str
    role: str
    purpose: Purpose
    stage: Stage | None
    key: SigningKey
    check_at: str
    language: str


def sheet(release: Release, occasion: Occasion) -> Json:
    """Everything that stands on the paper, as plain text in both senses."""
    with override(occasion.language):
        return _Sheet(release, occasion, load_region(settings.REGION)).made()


@dataclass(frozen=True)
class _Sheet:
    release: Release
    occasion: Occasion
    region: Region

    @property
    def content(self) -> WholeFile:
        content: WholeFile = self.release.content
        return content

    @property
    def language(self) -> str:
        return self.occasion.language

    def made(self) -> Json:
        content, occasion = self.content, self.occasion
        issued = wording.moment(self.release.at)
        role = wording.word(wording.ROLES, occasion.role)
        return {
            "language": "en" if self.language.startswith("en") else "zh",
            "title": _("Credit file"),
            "platform": f"{_('Xinrong')} · {self.said(self.region.info.title)}",
            "number": str(occasion.number),
            "name": short(content.name or content.code, 200),
            "code": plain(content.code),
            "running": f"{short(content.name, 24)}  {plain(content.code)}",
            "mark": [
                f"{short(occasion.institution, 26)} · {role}",
                issued,
                str(occasion.number),
            ],
            "status": self.status(),
            "facts": self.facts(issued, role),
            "qr": qr(self.check_address) if occasion.check_at else "",
            "coverage": wording.sentence(content.coverage),
            "notes": list(self.notes()),
            "withheld": self.withheld(),
            "registration": self.registration(),
            "names": self.names(),
            "lists": [self.listed(sign) for sign in (Sign.NEGATIVE, Sign.POSITIVE, Sign.NEUTRAL)],
            "sources": self.sources(),
            "bases": self.bases(),
            "proof": self.proof(),
            "explained": self.explained(),
            "words": self.words(),
        }

    def said(self, text: Any) -> str:
        return plain(wording.said(text, self.language))

    @property
    def check_address(self) -> str:
        return f"{self.occasion.check_at}?number={self.occasion.number}"

    def status(self) -> str:
        """What the register says of the enterprise as a whole."""
        content = self.content
        told = [wording.word(wording.KINDS, content.kind)]
        if content.cancelled:
            on = f" {wording.day(content.cancelled_on)}" if content.cancelled_on else ""
            told.append(_("deregistered") + on)
        if content.provisional:
            told.append(_("provisional: not in the register yet"))
        return " · ".join(told)

    def facts(self, issued: str, role: str) -> Pairs:
        occasion = self.occasion
        purpose = wording.word(wording.PURPOSES, occasion.purpose)
        if occasion.stage is not None:
            purpose += _(", ") + wording.word(wording.STAGES, occasion.stage)
        return [
            [_("Issued to"), plain(occasion.institution, 200)],
            [_("Role"), role],
            [_("Purpose"), purpose],
            [_("Issued at"), f"{issued} {_('(China time)')}"],
            [_("Query no."), str(self.release.audit_id)],
            [_("Number"), str(occasion.number)],
        ]

    def notes(self) -> Iterable[str]:
        """What is not on the paper although it is in the sources, and why."""
        content = self.content
        if self.region.info.invented:
            yield _("Every enterprise of this city is invented.")
        if self.region.info.source:
            yield self.said(self.region.info.source)
        for gone in content.coverage.erased:
            text = ngettext(
                "%(title)s: %(number)s record was erased on %(day)s, %(article)s.",
                "%(title)s: %(number)s records were erased on %(day)s, %(article)s.",
                gone.records,
            )
            yield text % {
                "title": self.said(gone.title),
                "number": gone.records,
                "day": wording.day(gone.on),
                "article": plain(gone.article),
            }
        if content.undated_withheld:
            text = ngettext(
                "%(number)s negative record has no date. How long it may be shown cannot be "
                "told, so it is withheld and its source is asked.",
                "%(number)s negative records have no date. How long they may be shown cannot be "
                "told, so they are withheld and their sources are asked.",
                content.undated_withheld,
            )
            yield text % {"number": content.undated_withheld}
        if content.expired_withheld:
            text = ngettext(
                "%(number)s negative record is past the time for which it may be shown.",
                "%(number)s negative records are past the time for which they may be shown.",
                content.expired_withheld,
            )
            yield text % {"number": content.expired_withheld}
        there = len(content.all_records())
        if there < content.total:
            yield _("This printed file holds the newest %(number)s of %(total)s records.") % {
                "number": wording.count(there),
                "total": wording.count(content.total),
            }
        masked = sum(field.masked for one in content.all_records() for field in one.fields)
        if masked:
            text = ngettext(
                "%(number)s value is hidden: it is more sensitive than you may see.",
                "%(number)s values are hidden: they are more sensitive than you may see.",
                masked,
            )
            yield text % {"number": wording.count(masked)}

    def withheld(self) -> list[Json]:
        """What is withheld, by reason."""
        grouped: dict[str, list[str]] = {}
        for permit in self.release.withheld:
            title = self.said(self.region.contracts[permit.category].title)
            grouped.setdefault(permit.reason, []).append(title)
        made = []
        for reason, titles in grouped.items():
            why, remedy = wording.WITHHELD.get(reason, wording.WITHHELD["role"])
            made.append({"why": str(why), "remedy": str(remedy), "titles": _(", ").join(titles)})
        return made

    def registration(self) -> Json | None:
        entry = self.content.registration
        if entry is None:
            return None
        return {
            "fields": [self.field(one) for one in entry.fields],
            "objection": wording.objection(entry.objection),
            "source": plain(wording.source(entry.origin, self.language)),
        }

    def names(self) -> Pairs:
        return [
            [plain(one.name, 200), self.said(one.origin.department_title),
             wording.day(one.origin.received_on)]
            for one in self.content.names
        ]  # fmt: skip

    def field(self, one: FieldValue) -> list[str]:
        """Title, value, and whether it is hidden."""
        told = _("hidden") if one.masked else plain(wording.value(one, self.language))
        return [self.said(one.title), told, "masked" if one.masked else ""]

    def listed(self, sign: Sign) -> Json:
        """The records of one sign, newest first."""
        titles = {
            Sign.NEGATIVE: (_("Black list"), _("speaks against the enterprise")),
            Sign.POSITIVE: (_("Red list"), _("speaks for the enterprise")),
            Sign.NEUTRAL: (_("Other records"), _("neutral")),
        }
        nothing = {
            Sign.NEGATIVE: _("No covered source holds a negative record that may be shown. See "
                             "above what is covered."),
            Sign.POSITIVE: _("No covered source holds a positive record."),
            Sign.NEUTRAL: _("No covered source holds another record."),
        }  # fmt: skip
        found = [one for one in self.content.records if one.sign == sign]
        title, meaning = titles[sign]
        return {
            "sign": str(sign),
            "title": title,
            "meaning": meaning,
            "count": wording.count(len(found)),
            "nothing": nothing[sign],
            "records": [self.record(one) for one in found],
        }

    def record(self, one: FileRecord) -> Json:
        hidden = any(
            field.masked and field.name in self.dated.get(one.category, ()) for field in one.fields
        )
        until = f"{_('Shown until')} {wording.day(one.shown_until)}" if one.shown_until else ""
        if until and one.shown_by is not None:
            until = f"{until} · {plain(one.shown_by.source)}"
        return {
            "title": self.said(one.category_title),
            "date": wording.dates(one, hidden=hidden),
            "amount": "" if one.amount is None else wording.yuan(one.amount),
            "fields": [self.field(each) for each in one.fields],
            "source": plain(wording.source(one.origin, self.language)),
            "until": until,
            "objection": wording.objection(one.objection),
        }

    @cached_property
    def dated(self) -> dict[str, set[str]]:
        """Category → the fields that hold the date of the event."""
        return {
            name: {field.name for field in contract.fields if field.slot == "event_date"}
            for name, contract in self.region.contracts.items()
        }

    def sources(self) -> Pairs:
        made = []
        for one in self.content.coverage.sources:
            state = wording.word(wording.SOURCE_STATES, one.state)
            limits = self.limits(one)
            made.append([
                self.said(one.title),
                f"{state}{limits}",
                wording.count(one.records),
                wording.day(one.last_received),
            ])  # fmt: skip
        return made

    def limits(self, one: Any) -> str:
        """Which records of a category are shown, where not all are."""
        told = []
        if one.only_from or one.only_to:
            ends = (wording.day(each) if each else "" for each in (one.only_from, one.only_to))
            told.append(_("only records of %(days)s") % {"days": " – ".join(ends)})
        if one.only_of:
            told.append(_("only records of the own department"))
        return "".join(f" · {each}" for each in told)

    def bases(self) -> Pairs:
        """The law on which what stands here is held, category by category."""
        basis: dict[str, tuple[str, str]] = {}
        counted: Counter[str] = Counter()
        for one in self.content.all_records():
            counted[one.category] += 1
            basis[one.category] = (self.said(one.category_title), plain(one.basis) or "—")
        return [list(basis[category]) for category, _number in counted.most_common()]

    def proof(self) -> Pairs:
        release, key = self.release, self.occasion.key
        made = [
            [_("Number"), str(self.occasion.number)],
            [_("Query no."), str(release.audit_id)],
            [_("State of the store"), str(release.seq)],
            [_("Digest of what was released"), spaced(release.digest)],
            [_("Head of the audit chain"), spaced(release.head) or wording.NOTHING],
            [_("Public key of the platform"), f"{key.alg} {key.kid}"],
            [_("Fingerprint of the key (SHA-256)"), spaced(key.fingerprint)],
        ]
        if self.occasion.check_at:
            made.append([_("Check this number at"), plain(self.occasion.check_at)])
        return made

    def explained(self) -> list[str]:
        """What can be done with a paper, and what it is not."""
        return [
            _(
                "Enter the number on the platform, under Check a printed file. It answers whether "
                "it is genuine, when and to which institution it was issued, and two digests: "
                "the one above, of what was released, and the SHA-256 of the PDF."
            ),
            _(
                "A printout cannot prove itself: compare its number, institution, time and digest "
                "with the answer, and in doubt ask for the file and compute its SHA-256."
            ),
            _(
                "It shows what was known at its time and allowed for this institution, purpose "
                "and stage. It must not be passed on beyond the consent that it rests on."
            ),
        ]

    def words(self) -> dict[str, str]:
        return {
            "number": _("Number"),
            "coverage": _("Coverage"),
            "withheld": _("What was withheld"),
            "registration": _("Registration"),
            "no_registration": _("No registration record"),
            "names": _("Names"),
            "no_names": _("No source that you may see has sent a name."),
            "name": _("Name"),
            "source": _("Source"),
            "received": _("Received"),
            "covered": _("What is covered, and what is not"),
            "category": _("Category"),
            "state": _("State"),
            "records": _("Records"),
            "last": _("Last received"),
            "basis": _("Legal basis"),
            "proof": _("Proof"),
            "qr": _("Check this number"),
            "colon": _(": "),
        }


def qr(address: str) -> str:
    """An address as a QR code: SVG of one path, with the quiet zone that readers need."""
    file = io.BytesIO()
    qrcode.make(address, image_factory=SvgPathImage, border=2).save(file)
    return file.getvalue().decode()
