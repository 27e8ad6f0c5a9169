import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name='DirtyEnterprise',
            fields=[
                ('enterprise', models.BigIntegerField(primary_key=True, serialize=False)),
                ('seq', models.BigIntegerField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='Follower',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('seq', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='OverlayRow',
            fields=[
                ('enterprise', models.BigIntegerField(primary_key=True, serialize=False)),
                ('seq', models.BigIntegerField()),
                ('as_of', models.DateField()),
                ('values', models.JSONField()),
                ('reasons', models.CharField(max_length=200)),
                ('gone', models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name='ProfileBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.BigIntegerField()),
                ('as_of', models.DateField()),
                ('built_at', models.DateTimeField()),
                ('name', models.CharField(max_length=80, unique=True)),
                ('sha256', models.CharField(max_length=64)),
                ('rows', models.BigIntegerField()),
                ('seconds', models.FloatField()),
                ('columns', models.JSONField()),
                ('removed_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['as_of'], name='profiles_batch_as_of')],
            },
        ),
        migrations.CreateModel(
            name='IndicatorFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('indicator', models.CharField(db_index=True, max_length=64)),
                ('known', models.BigIntegerField()),
                ('reasons', models.JSONField()),
                ('quantiles', models.JSONField()),
                ('bins', models.JSONField()),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='figures', to='profiles.profilebatch')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('batch', 'indicator'), name='one_figure_per_batch')],
            },
        ),
    ]
