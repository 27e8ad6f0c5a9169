"""The drafts that somebody has counted."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trust", "0008_trail")]

    operations = [
        migrations.CreateModel(
            name="CountDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asker", models.CharField(max_length=32)),
                ("day", models.DateField()),
                ("draft", models.JSONField()),
                ("near", models.BooleanField()),
                (
                    "row",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="trust.auditrow",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["asker", "day"], name="count_drafts_by_asker")
                ],
            },
        ),
    ]
