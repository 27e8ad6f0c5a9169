"""Which product was asked for, with which filters and page: kept with each audit row.

Empty in the rows that are there, and added as an empty column on both databases: no row is
written anew, however many millions there are. The accounts of usage, some thousand rows a day,
are found by their day.
"""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trust", "0009_count_drafts")]

    operations = [
        migrations.AddField("auditrow", "parameters", models.JSONField(null=True)),
        migrations.AddIndex(
            "usageday",
            models.Index(fields=["day", "organisation"], name="accounts_by_day"),
        ),
    ]
