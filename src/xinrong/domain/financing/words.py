"""Words of a financing need and of what lenders offer: purposes, security, channels.

The values stand in packs, criteria, audit rows and the API: they never change.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from xinrong.domain.text import Text


class NeedPurpose(StrEnum):
    """What the money is for."""

    WORKING_CAPITAL = "working_capital"
    STOCK = "stock"
    ORDERS = "orders"
    EQUIPMENT = "equipment"
    PREMISES = "premises"
    RESEARCH = "research"
    TRADE = "trade"
    START_UP = "start_up"
    GREEN = "green"
    REFINANCE = "refinance"


class Security(StrEnum):
    """What may secure a loan. A loan on credit alone asks for none of them."""

    GUARANTOR = "guarantor"
    FUND = "fund"
    PROPERTY = "property"
    MOVABLES = "movables"
    RECEIVABLES = "receivables"
    RIGHTS = "rights"
    EQUITY = "equity"


class Channel(StrEnum):
    """Where one applies."""

    PLATFORM = "platform"
    ONLINE = "online"
    OUTLET = "outlet"
    VISIT = "visit"


PURPOSE_WORDS: Mapping[NeedPurpose, Text] = MappingProxyType(
    {
        NeedPurpose.WORKING_CAPITAL: Text(zh="日常流动资金", en="Working capital"),
        NeedPurpose.STOCK: Text(zh="备货进料", en="Stock and materials"),
        NeedPurpose.ORDERS: Text(zh="履行订单或合同", en="Filling orders or contracts"),
        NeedPurpose.EQUIPMENT: Text(zh="购置或更新设备", en="Equipment"),
        NeedPurpose.PREMISES: Text(zh="厂房或经营场所", en="Premises"),
        NeedPurpose.RESEARCH: Text(zh="研发与技术改造", en="Research and development"),
        NeedPurpose.TRADE: Text(zh="进出口贸易", en="Foreign trade"),
        NeedPurpose.START_UP: Text(zh="创业启动", en="Starting a business"),
        NeedPurpose.GREEN: Text(zh="节能环保", en="Saving energy, environment"),
        NeedPurpose.REFINANCE: Text(zh="归还到期贷款", en="Repaying a loan that falls due"),
    }
)
SECURITY_WORDS: Mapping[Security, Text] = MappingProxyType(
    {
        Security.GUARANTOR: Text(zh="保证人担保", en="A guarantor"),
        Security.FUND: Text(zh="政府性融资担保", en="A guarantee of the public fund"),
        Security.PROPERTY: Text(zh="不动产抵押", en="A mortgage of property"),
        Security.MOVABLES: Text(zh="设备或存货抵押", en="Security over equipment or stock"),
        Security.RECEIVABLES: Text(zh="应收账款质押", en="A pledge of receivables"),
        Security.RIGHTS: Text(zh="知识产权质押", en="A pledge of intellectual property"),
        Security.EQUITY: Text(zh="股权质押", en="A pledge of equity"),
    }
)
CHANNEL_WORDS: Mapping[Channel, Text] = MappingProxyType(
    {
        Channel.PLATFORM: Text(zh="本平台", en="This platform"),
        Channel.ONLINE: Text(zh="机构线上渠道", en="The lender's own site or app"),
        Channel.OUTLET: Text(zh="营业网点", en="An outlet"),
        Channel.VISIT: Text(zh="上门办理", en="A visit at the enterprise"),
    }
)
#: Said of a loan that asks for no security.
ON_CREDIT = Text(zh="信用（无需担保）", en="On credit alone")
