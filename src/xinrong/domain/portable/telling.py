"""What was found of a report, in sentences, Chinese and English: for people and for clerks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from xinrong.domain.portable.qr import COUNTED, LEFT_OUT, Facts
from xinrong.domain.portable.verifying import Checked, Finding, PartSeen


class Words(NamedTuple):
    """One thing said in both languages. The stand-alone verifier carries no library for it."""

    zh: str
    en: str

    def said(self, language: str) -> str:
        """The words for a language tag; Chinese is the default."""
        return self.en if language.lower().startswith("en") else self.zh


QUESTIONS = {
    "shape": Words("格式", "Format"),
    "signature": Words("签名", "Signature"),
    "claims": Words("内容", "Content"),
    "time": Words("有效期", "Validity"),
    "about": Words("主体", "Enterprise"),
    "paper": Words("二维码", "Code on the paper"),
    "status": Words("状态", "State"),
}
PARTS = {
    "register": Words("登记信息", "Registration"),
    "negative": Words("负面记录", "Negative records"),
    "positive": Words("正面记录", "Positive records"),
    "other": Words("其他记录", "Other records"),
    "figures": Words("年度汇总", "Sums by year"),
    "grade": Words("评级", "Grade"),
    "sources": Words("数据来源覆盖", "What is covered"),
}
#: Code of a finding -> what it means. Of a code without words, an error of reading, the detail
#: says it.
FINDINGS = {
    "genuine": Words("由平台签发，签名有效。", "The platform signed it; the signature holds."),
    "signature_invalid": Words(
        "签名与内容不符：内容被改动，或非平台签发。",
        "The signature does not fit: it was changed, or the platform never signed it.",
    ),
    "key_unknown": Words(
        "签名所用密钥不在平台公布的密钥之中。",
        "The key is none of those that the platform published.",
    ),
    "key_not_in_use": Words(
        "签发时该密钥不在使用期内。", "The key was not in use at the time of issue."
    ),
    "claims_whole": Words("内容完整，未被改动。", "The content is whole and unchanged."),
    "claims_withheld": Words(
        "所示内容未被改动；企业未出示其中 %s 项。",
        "What is shown is unchanged; the enterprise does not show %s of the signed claims.",
    ),
    "claim_foreign": Words(
        "含有不属于本报告或被改动的内容。",
        "It holds something that is not of this report, or that was changed.",
    ),
    "claim_twice": Words("同一内容出现两次。", "One claim stands twice."),
    "in_time": Words("有效期至 %s（含当日）。", "Valid until %s, that day included."),
    "expired": Words("已于 %s 之后过期。", "It expired after %s."),
    "not_yet": Words("签发时间 %s 尚未到来。", "Its time of issue, %s, has not come."),
    "about_it": Words("报告主体为 %s。", "It is about %s."),
    "about_another": Words(
        "报告主体为 %s，不是所查企业。", "It is about %s, not about whom you ask."
    ),
    "paper_same": Words("二维码与文件属于同一份报告。", "Code and file are the same report."),
    "paper_other": Words(
        "二维码与文件不是同一份报告。", "The code belongs to another report than the file."
    ),
    "code_genuine": Words(
        "二维码由平台签发，其中所列事实属实；纸上其余内容须以文件核验。",
        "The platform signed the code: the facts in it are proven. What else stands on the paper "
        "is proven by the file only.",
    ),
    "code_forged": Words("二维码被改动或系伪造。", "The code was changed or forged."),
    "code_key_unknown": Words(
        "二维码所用密钥不在平台公布的密钥之中。",
        "The key of the code is none of those that the platform published.",
    ),
    "unknown": Words(
        "未知：没有足够新的状态清单。可向平台下载后再核验。",
        "Unknown: there is no recent list of states. Fetch it from the platform and check again.",
    ),
    "not_withdrawn": Words(
        "截至 %s 未被撤回或取代。", "Not withdrawn and not superseded as of %s."
    ),
    "withdrawn": Words(
        "企业已撤回本报告，不应再使用。", "The enterprise withdrew it: do not use it."
    ),
    "superseded": Words(
        "报告中有记录已修复、更正或不得再展示，请索取新报告。",
        "A record in it was repaired, corrected or may no longer be shown: ask for a new report.",
    ),
    "status_malformed": Words(
        "状态清单不可信，未予采用。", "The list of states cannot be relied on and was not used."
    ),
}
ACCEPTED = Words("可以采信：核验未发现问题。", "It holds: nothing speaks against it.")
REFUSED = Words("不可采信。", "Do not rely on it.")


def sentence(finding: Finding, language: str = "zh") -> str:
    """One finding as a sentence."""
    words = FINDINGS.get(finding.code)
    if words is None:
        return finding.detail or finding.code
    said = words.said(language)
    return said % finding.detail if "%s" in said else said


def part_sentence(part: PartSeen, language: str = "zh") -> str:
    """One part: how much of it is here. What was left out is never called none."""
    if not part.included:
        return Words(
            "企业选择不列入；不表示没有。",
            "Left out by the enterprise: it does not mean that there are none.",
        ).said(language)
    told = Words(f"{part.signed} 项", f"{part.signed} signed").said(language)
    if part.withheld:
        told += Words(
            f"，其中 {part.withheld} 项未出示", f", {part.withheld} of them not shown"
        ).said(language)
    if part.more:
        told += Words(
            f"，另有更早的 {part.more} 项未列入", f", and {part.more} older ones not in the report"
        ).said(language)
    if part.without:
        told += Words(
            f"；企业另排除 {len(part.without)} 类信息",
            f"; {len(part.without)} categories left out by the enterprise",
        ).said(language)
    return told


def lines(checked: Checked, language: str = "zh") -> Iterator[str]:
    """Everything that was found, for a terminal."""
    yield (ACCEPTED if checked.accepted else REFUSED).said(language)
    marks = {True: "+", False: "x", None: "?"}
    for one in checked.findings:
        yield f"  {marks[one.holds]} {QUESTIONS[one.question].said(language)}: " + sentence(
            one, language
        )
    core = checked.core
    if core is not None:
        yield f"{core.name}  {core.code}  {core.number}"
        if core.to:
            yield Words("出具给：", "Made for: ").said(language) + core.to
        if core.issuer.get("invented"):
            yield Words(
                "本报告中的企业均为虚构。", "Every enterprise of this city is invented."
            ).said(language)
        yield coverage(core.coverage, language)
        for part in checked.parts:
            yield f"  {PARTS[part.name].said(language)}: {part_sentence(part, language)}"
    elif checked.facts is not None:
        yield from fact_lines(checked.facts, language)


def coverage(found: Any, language: str = "zh") -> str:
    """How many sources were covered, and of how many nothing negative is known."""
    if found["clean"] is None:
        return Words(
            f"截至 {found['as_of']}，覆盖 {found['covered']} 类信息来源；未列入负面记录，"
            "不能据此判断有无负面记录。",
            f"As of {found['as_of']} {found['covered']} sources are covered; negative records are "
            "not included, so nothing can be said of them.",
        ).said(language)
    return Words(
        f"截至 {found['as_of']}，在已覆盖的 {found['covered']} 类信息来源中，"
        f"{found['clean']} 类没有负面记录。",
        f"As of {found['as_of']}: no negative record in {found['clean']} of {found['covered']} "
        "covered sources.",
    ).said(language)


def fact_lines(facts: Facts, language: str = "zh") -> Iterator[str]:
    """The facts of a code."""
    yield f"{facts.name}  {facts.code}  {facts.number}"
    if facts.to:
        yield Words("出具给：", "Made for: ").said(language) + facts.to
    yield Words("签发：", "Issued: ").said(language) + facts.issued.isoformat()
    for part in COUNTED:
        count = facts.counts[part]
        told = (
            part_sentence(PartSeen(part, False, 0, 0, (), 0), language)
            if count == LEFT_OUT
            else str(count)
        )
        yield f"  {PARTS[part].said(language)}: {told}"
    if facts.grade:
        yield f"  {PARTS['grade'].said(language)}: {facts.grade}"
