"""`xinrong catalogue new`: from a sample to a draft that loads, whatever the sample holds."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from xinrong.catalogue.contract import Contract, FieldType, ShareClass
from xinrong.catalogue.draft import Draft, draft
from xinrong.catalogue.draft_yaml import comment, quoted
from xinrong.catalogue.errors import SampleError, Severity
from xinrong.catalogue.feed import Feed
from xinrong.catalogue.loading import problems
from xinrong.catalogue.region import Department
from xinrong.domain.text import Text
from xinrong.domain.uscc import check_digit

CASES = Path(__file__).parent / "cases"
TAX = Department(id="tax", title=Text(zh="税务局", en="Tax Bureau"))
COURT = Department(id="court", title=Text(zh="中级人民法院", en="Court"))


def code(number: int) -> str:
    first = f"91331000MA{number:07d}"
    return first + check_digit(first)


def drafted(tmp_path: Path, rows: list[list[str]], name: str = "欠税公告.csv") -> Draft:
    path = tmp_path / name
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return draft(path, name="tax_arrears", department="tax")


def parts(made: Draft) -> tuple[Contract, Feed]:
    return (
        Contract.model_validate(yaml.safe_load(made.contract)),
        Feed.model_validate(yaml.safe_load(made.feed)),
    )


ARREARS = [
    ["序号", "纳税人名称", "统一社会信用代码", "法定代表人", "税种", "欠税余额（万元）", "公告日期", "截止日期", "文书编号"],
    *(
        [str(n), f"台州第{n}机械有限公司", code(n), "王某", ["增值税", "企业所得税"][n % 2],
         f"{n},000.50", f"2024年3月{n}日", "2030-01-01", f"台税〔2024〕{n}号"]
        for n in range(1, 21)
    ),
]  # fmt: skip


def test_columns_become_fields_with_type_unit_slot_and_level(tmp_path: Path) -> None:
    contract, feed = parts(drafted(tmp_path, ARREARS))
    fields = {field.title.zh: field for field in contract.fields}
    assert fields["欠税余额（万元）"].type is FieldType.MONEY
    assert fields["欠税余额（万元）"].slot == "amount"
    assert feed.source("arrears").unit == "万元"
    assert (fields["公告日期"].type, fields["公告日期"].slot) == (FieldType.DATE, "event_date")
    assert (fields["截止日期"].slot, fields["截止日期"].future) == ("end_date", True)
    assert fields["文书编号"].slot == "code"
    assert set(fields["税种"].values) == {"增值税", "企业所得税"}
    assert fields["法定代表人"].level == 3
    assert feed.subject.code == "统一社会信用代码"
    assert feed.subject.name == "纳税人名称"
    assert feed.ignore == ("序号",)
    assert contract.key == ("subject", "number")
    assert contract.field("number").required


def test_a_draft_harms_nobody_until_a_person_has_decided(tmp_path: Path) -> None:
    made = drafted(tmp_path, ARREARS)
    contract, _ = parts(made)
    assert contract.share is ShareClass.NEVER
    assert contract.polarity.sign == "neutral"
    assert contract.absence.value == "means_unknown"
    assert "sign: negative" in made.contract  # the comment asks


def test_every_guess_is_marked_with_its_reason(tmp_path: Path) -> None:
    made = drafted(tmp_path, ARREARS)
    lines = [line for line in made.contract.splitlines() if line.strip().startswith("type:")]
    assert lines
    assert all("GUESS: " in line for line in lines)
    assert "王某" not in made.contract  # no person's data as an example


def test_digits_of_identifiers_are_never_taken_for_numbers(tmp_path: Path) -> None:
    rows = [
        ["企业名称", "联系电话", "许可证号", "网点数", "登记时间", "面积"],
        *(
            [f"台州{n}号公司", f"0576{n:08d}", f"00{n}", str(n), "45000", f"{n}.5"]
            for n in range(1, 15)
        ),
    ]
    contract, _ = parts(drafted(tmp_path, rows))
    kinds = {field.title.zh: field.type for field in contract.fields}
    assert kinds == {
        "联系电话": FieldType.TEXT,
        "许可证号": FieldType.TEXT,
        "网点数": FieldType.INTEGER,
        "登记时间": FieldType.DATE,  # a workbook's serial number, under a date's heading
        "面积": FieldType.NUMBER,
    }


def test_the_key_grows_until_the_sample_rows_differ(tmp_path: Path) -> None:
    rows = [["企业名称", "检查日期", "事项"]]
    rows += [["台州甲公司", "2024-01-02", f"事项{n}"] for n in range(5)]
    contract, _ = parts(drafted(tmp_path, rows))
    assert contract.key[0] == "subject"
    assert len(contract.key) == 2


def test_a_list_of_nothing_but_names_is_a_category_too(tmp_path: Path) -> None:
    contract, feed = parts(drafted(tmp_path, [["企业名称"], ["台州甲公司"], ["台州乙公司"]]))
    assert len(contract.fields) == 1
    assert feed.subject.name == "企业名称"


def test_the_department_is_guessed_from_the_path(tmp_path: Path) -> None:
    path = tmp_path / "市中级人民法院" / "list.csv"
    path.parent.mkdir()
    path.write_text("企业名称,日期\n台州甲公司,2024-01-01\n", encoding="utf-8")
    made = draft(path, departments={"tax": TAX, "court": COURT})
    assert made.names.department == "court"
    assert "GUESS: who sends it?" in made.feed
    assert draft(path, department="tax", departments={"tax": TAX}).names.department == "tax"


def test_a_chinese_file_name_gives_an_identifier(tmp_path: Path) -> None:
    path = tmp_path / "行政处罚.csv"
    path.write_text("企业名称,日期\n台州甲公司,2024-01-01\n", encoding="utf-8")
    assert draft(path).names.category == "administrative_penalty"
    with pytest.raises(SampleError, match="cannot name a category"):
        draft(path, name="行政处罚")


HEADINGS = st.one_of(
    st.sampled_from(
        [*("企业名称", "统一社会信用代码", "处罚日期", "金额（万元）", "状态", "备注", "电话", "文号"),
         *("subject", "key", "true", "no", "2024", "a: b", "- x", "# y", "'", '"', "{a}", "a,b")]
    ),
    st.text(min_size=0, max_size=8),
)  # fmt: skip
CELLS = st.one_of(
    st.sampled_from(
        ["", "2024-01-02", "3,000 万元", "12", "是", "否", "台州甲公司", code(7), "有效", "x: y"]
    ),
    st.text(max_size=10),
)


@given(
    headings=st.lists(HEADINGS, min_size=1, max_size=7),
    body=st.lists(st.lists(CELLS, min_size=1, max_size=8), min_size=0, max_size=15),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
    delimiter=st.sampled_from([",", "\t", ";"]),
)
def test_a_draft_of_any_table_loads_and_has_only_the_basis_to_fill(
    headings: list[str], body: list[list[str]], encoding: str, delimiter: str
) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter).writerows([headings, *body])
    with tempfile.TemporaryDirectory() as folder:
        pack = Path(folder) / "regions" / "base"
        shutil.copytree(CASES / "base", pack)
        path = Path(folder) / "样本.csv"
        path.write_bytes(buffer.getvalue().encode(encoding, errors="replace"))
        try:
            made = draft(path, name="drafted", department="tax")
        except SampleError:  # an empty table: what is refused has tests of its own
            return
        for inside, text in made.files.items():
            (pack / inside).write_text(text, encoding="utf-8")
        found = problems(pack)
        assert [(one.code, one.severity) for one in found] == [("basis_to_fill", Severity.WARNING)]
        _, feed = parts(made)
        sample = made.plan.sample
        wanted = [*feed.ignore, *(c for f in feed.mapping for c in feed.source(f).columns)]
        assert set(wanted) <= set(sample.columns)


@given(st.text())
def test_a_quoted_scalar_reads_back_as_the_same_text(text: str) -> None:
    assert yaml.safe_load(f"{{k: {quoted(text)}}}") == {"k": text}
    assert yaml.safe_load(f"k: {quoted(text)}  # {comment(text)}\n") == {"k": text}
