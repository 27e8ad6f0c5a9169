"""An enterprise asks for a service; whose the requests are."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from xinrong.accounts.services import Organisation, Viewer
from xinrong.domain.calendars import Calendar
from xinrong.domain.clock import day_in_china
from xinrong.domain.text import Text
from xinrong.market.centre.definitions import Service
from xinrong.market.centre.models import ServiceRequest
from xinrong.market.centre.packs import service_of
from xinrong.market.centre.table import NAME
from xinrong.market.errors import MarketRefused
from xinrong.market.needs.finding import own_enterprise
from xinrong.market.needs.prefilling import is_elsewhere
from xinrong.market.needs.refusals import refused
from xinrong.market.perms import can_ask_for_services, can_see_own_requests
from xinrong.profiles.services import criteria
from xinrong.work.services import LONGEST_TEXT, Case, open_case


def ask(
    who: Viewer, service: str, text: str, *, now: datetime, calendar: Calendar | None = None
) -> Case:
    """Ask for a service in one's own words; the case in which its department answers.

    The department learns the enterprise's name and code, and these words: nothing of its file.
    Raises MarketRefused: service_unknown, service_role, service_words, service_open (one request
    for a service at a time), service_source (its department is not on the platform),
    service_district (it is for the enterprises of another district).
    """
    if not can_ask_for_services(who):
        raise refused(
            "service_role",
            Text(
                zh="只有本企业经核验的代表可以申请服务",
                en="Only a proven representative of an enterprise asks for a service",
            ),
            Text(zh="请先证明您代表该企业。", en="Prove first that you represent it."),
        )
    wanted = service_of(settings.REGION, service)
    if not text.strip() or len(text) > LONGEST_TEXT:
        raise refused(
            "service_words",
            Text(zh="请写明您想得到什么帮助", en="Say what you would like"),
            Text(
                zh=f"用自己的话写，不超过{LONGEST_TEXT}字。",
                en=f"In your own words, in at most {LONGEST_TEXT:,} characters.",
            ),
        )
    if is_elsewhere(who, wanted.area, as_of=day_in_china(now)):
        raise _for_another_district(wanted)
    department, enterprise = department_of(wanted), own_enterprise(who)
    assert who.organisation_id is not None  # as can_ask_for_services says
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=who.organisation_id)  # two at once: one
        if open_request(enterprise, wanted.id) is not None:
            raise refused(
                "service_open",
                Text(zh="这项服务已经申请，尚未办结", en="This service is asked for already"),
                Text(zh="请在原申请中补充或撤回。", en="Add to that request, or withdraw it."),
            )
        case = open_case(
            NAME,
            "ask",
            who,
            sides={
                "representative": [who.organisation_id],
                "data_officer": [department.pk],
                "operator": [None],
            },
            enterprise=enterprise,
            data={"service": wanted.id},
            text=text,
            now=now,
            calendar=calendar,
        )
        ServiceRequest.objects.create(
            number=case.number,
            enterprise_id=enterprise,
            department=department,
            service=wanted.id,
            answer_days=wanted.answer_days,
            asked_at=now,
        )
    return case


def open_request(enterprise: int, service: str) -> ServiceRequest | None:
    """The request of an enterprise for a service that has not ended, if any."""
    running = Case.objects.filter(process=NAME, enterprise=enterprise, ended_at=None)
    rows = ServiceRequest.objects.filter(enterprise=enterprise, service=service)
    return rows.filter(number__in=running.values("number")).first()


def requests_of(who: Viewer) -> QuerySet[ServiceRequest]:
    """What the own enterprise asked for, the newest first."""
    if not can_see_own_requests(who):
        return ServiceRequest.objects.none()
    rows = ServiceRequest.objects.filter(enterprise=own_enterprise(who))
    return rows.select_related("department").order_by("-pk")


def _for_another_district(service: Service) -> MarketRefused:
    district = criteria.areas_of(settings.REGION)[service.area]
    return refused(
        "service_district",
        Text(
            zh=f"这项服务面向{district.zh}的企业",
            en=f"This service is for enterprises of {district.en}",
        ),
        Text(
            zh="请选择面向全市的服务；登记地址有误的，请提出异议。",
            en="Choose a service for the whole region; if the register is wrong, object to it.",
        ),
    )


def department_of(service: Service) -> Organisation:
    """The organisation of the department that gives a service. Raises MarketRefused."""
    found = Organisation.objects.filter(
        kind="department", reference=service.department, closed_at=None
    ).first()
    if found is None:
        raise refused(
            "service_source",
            Text(
                zh="提供这项服务的部门尚未在平台开户",
                en="The department that gives this service is not on the platform yet",
            ),
            Text(zh="请直接与该部门联系。", en="Turn to it directly."),
        )
    return found
