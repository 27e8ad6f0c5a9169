"""The words of the invented city: its districts, its name characters, its streets and people.

The districts are Taizhou's nine and 22 of Qinghai's (GB/T 2260), the city in them is invented. Trade names are three
characters put together by number and are marked nowhere as anybody's brand.
"""

from __future__ import annotations

from typing import NamedTuple


class District(NamedTuple):
    """`weight` is its share of market players, in parts of a thousand."""

    code: str
    name: str
    prefix: str  # how company names begin there
    weight: int
    seat: str = "浙江省台州市"  # what addresses begin with


DISTRICTS = (
    District("331002", "椒江区", "台州市椒江", 125),
    District("331003", "黄岩区", "台州市黄岩", 115),
    District("331004", "路桥区", "台州市路桥", 130),
    District("331022", "三门县", "三门县", 50),
    District("331023", "天台县", "天台县", 70),
    District("331024", "仙居县", "仙居县", 65),
    District("331081", "温岭市", "温岭市", 200),
    District("331082", "临海市", "临海市", 150),
    District("331083", "玉环市", "玉环市", 95),
)

_XINING, _HAIDONG = "青海省西宁市", "青海省海东市"

#: The invented province: those in which the invented lenders of Qinghai have outlets.
QINGHAI = (
    District("630102", "城东区", "西宁市城东区", 150, _XINING),
    District("630103", "城中区", "西宁市城中区", 120, _XINING),
    District("630104", "城西区", "西宁市城西区", 130, _XINING),
    District("630105", "城北区", "西宁市城北区", 120, _XINING),
    District("630106", "湟中区", "西宁市湟中区", 80, _XINING),
    District("630121", "大通回族土族自治县", "大通县", 70, _XINING),
    District("630123", "湟源县", "湟源县", 20, _XINING),
    District("630202", "乐都区", "海东市乐都区", 45, _HAIDONG),
    District("630203", "平安区", "海东市平安区", 25, _HAIDONG),
    District("630222", "民和回族土族自治县", "民和县", 50, _HAIDONG),
    District("630223", "互助土族自治县", "互助县", 45, _HAIDONG),
    District("630224", "化隆回族自治县", "化隆县", 35, _HAIDONG),
    District("630225", "循化撒拉族自治县", "循化县", 20, _HAIDONG),
    District("632221", "门源回族自治县", "门源县", 12, "青海省海北藏族自治州"),
    District("632223", "海晏县", "海晏县", 5, "青海省海北藏族自治州"),
    District("632301", "同仁市", "同仁市", 8, "青海省黄南藏族自治州"),
    District("632521", "共和县", "共和县", 15, "青海省海南藏族自治州"),
    District("632523", "贵德县", "贵德县", 10, "青海省海南藏族自治州"),
    District("632621", "玛沁县", "玛沁县", 5, "青海省果洛藏族自治州"),
    District("632701", "玉树市", "玉树市", 10, "青海省玉树藏族自治州"),
    District("632801", "格尔木市", "格尔木市", 18, "青海省海西蒙古族藏族自治州"),
    District("632802", "德令哈市", "德令哈市", 7, "青海省海西蒙古族藏族自治州"),
)

#: Three lists of 64: a trade name takes one character of each.
FIRST = "星恒瑞锦宏泽启腾晟翰铭诚鼎昊嘉辰沐岚朗逸景弘卓骏润旭丰皓擎远皖澜煜霖钧屹琛岳烁湛蔚梓彦臻凌曜悦骐琅璟峻瀚彤绮熠颂芮筠苒黎澄葆沁霁"
SECOND = "川屿禾和曦沃凯桥林峰驰达泰元原野舟帆溪岭谷洲石枫桦柏椿棠荷萱蓝青白云霞虹雷电光辉炎烽焰江河湖海洋涛波浪潮汐泉源洪渊湾港埠渡津汀崖"
THIRD = "特迪安邦盛隆兴昌茂通顺利益康宁福祥瑜珂珑玮琪璐莹玥晖昕晗晓暄韬略策谋韵律雅颂典彩画诗赋章文博学思睿智慧敏捷健强雄伟奇妙巧精工匠鸣"

STREETS = (
    "融信路",
    "星桥路",
    "云帆路",
    "启明街",
    "百合街",
    "枫林路",
    "青禾路",
    "望潮路",
    "锦溪路",
    "双塔街",
    "砚湖路",
    "竹影路",
    "东篱路",
    "南浦街",
    "西津路",
    "北岭路",
    "长风路",
    "明珂街",
    "白鹭路",
    "石榴街",
    "金穗路",
    "玉兰街",
    "听涛路",
    "松月路",
)
TOWNS = (
    "望潮街道",
    "云帆街道",
    "锦溪街道",
    "枫林镇",
    "竹影镇",
    "白鹭镇",
    "东篱乡",
    "砚湖街道",
)
SURNAMES = "王李张陈林叶徐郑金杨吴周朱蒋潘应洪蔡江郭"
GIVEN_1 = "文志建国海晓伟丽小永明玉春秀立宏雪云一子"
GIVEN_2 = "华军平强芳敏杰琴峰燕斌红涛霞勇娟飞英刚梅"

BANKS = (
    "工商银行",
    "农业银行",
    "中国银行",
    "建设银行",
    "邮储银行",
    "城商银行甲",
    "城商银行乙",
    "城商银行丙",
    "农村商业银行",
    "村镇银行",
)
BANK_WEIGHTS = (12, 13, 9, 11, 8, 14, 13, 12, 20, 6)
