from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("market", "0006_questionnaires")]

    operations = [
        migrations.CreateModel(
            name="ApprovalDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(unique=True)),
                ("products", models.JSONField(default=dict)),
                ("lenders", models.JSONField(default=dict)),
                ("every", models.JSONField(default=list)),
                ("made_at", models.DateTimeField()),
            ],
            options={"db_table": "market_approvalday"},
        ),
    ]
