"""The states of what is on its way into the store."""

from __future__ import annotations

from django.db import models


class UploadState(models.TextChoices):
    """Where an upload is. The last three are ends: its bytes are gone."""

    RECEIVING = "receiving", "接收中"
    RECEIVED = "received", "待确认"  # all bytes are there; its sender looks and confirms
    TAKING = "taking", "入库中"
    DONE = "done", "已入库"
    DISCARDED = "discarded", "已放弃"
    EXPIRED = "expired", "已过期"


#: States in which the bytes are kept.
OPEN_STATES = (UploadState.RECEIVING, UploadState.RECEIVED, UploadState.TAKING)
