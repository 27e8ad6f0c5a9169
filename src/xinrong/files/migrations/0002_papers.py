import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('subjects', '0001_initial'),
        ('files', '0001_batch_asked'),
    ]

    operations = [
        migrations.CreateModel(
            name='PaperMiss',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True)),
                ('address', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='PaperSeries',
            fields=[
                ('year', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('last', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='IssuedPaper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('serial', models.PositiveIntegerField()),
                ('control', models.CharField(max_length=12)),
                ('audit_id', models.BigIntegerField(unique=True)),
                ('language', models.CharField(max_length=8)),
                ('issued_at', models.DateTimeField()),
                ('content_digest', models.CharField(max_length=64)),
                ('file_digest', models.CharField(blank=True, max_length=64)),
                ('void', models.CharField(blank=True, max_length=32)),
                ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subjects.enterprise')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('year', 'serial'), name='one_paper_per_number'), models.CheckConstraint(condition=models.Q(('file_digest', ''), ('void', ''), _connector='OR'), name='no_paper_finished_and_void')],
            },
        ),
    ]
