"""What a creator shows a brand to justify a price."""

import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_alerts_and_market_jobs'),
        ('accounts', '__first__'),
        ('scoring', '0013_market_values'),
    ]

    operations = [
        migrations.CreateModel(
            name='PriceJustification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('deliverable', models.CharField(max_length=60)),
                ('asked_minor', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('document', models.TextField()),
                ('document_hash', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('views', models.PositiveIntegerField(default=0)),
                ('last_viewed_on', models.DateField(blank=True, null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='price_justifications', to='accounts.socialaccount')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-made_at', '-pk'],
                'indexes': [models.Index(fields=['account', '-made_at'], name='justification_latest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('asked_minor__gt', 0)), name='justification_asks_something'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at'))), name='justification_is_good_for_a_while'), models.CheckConstraint(condition=models.Q(('document_hash__regex', '^[0-9a-f]{64}$')), name='justification_has_a_hash')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pricejustification',
            trigger=pgtrigger.compiler.Trigger(name='justification_read_only', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."account_id" IS DISTINCT FROM (NEW."account_id") OR OLD."deliverable" IS DISTINCT FROM (NEW."deliverable") OR OLD."asked_minor" IS DISTINCT FROM (NEW."asked_minor") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."document" IS DISTINCT FROM (NEW."document") OR OLD."document_hash" IS DISTINCT FROM (NEW."document_hash") OR OLD."made_at" IS DISTINCT FROM (NEW."made_at") OR OLD."expires_at" IS DISTINCT FROM (NEW."expires_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='0494558a8fc1efcd2505e9224015f3a745ef87cb', operation='UPDATE', pgid='pgtrigger_justification_read_only_c66d1', table='scoring_pricejustification', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pricejustification',
            trigger=pgtrigger.compiler.Trigger(name='justification_withdrawn_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='5dd016e4f82ab5e97f8487b13e13a7719e9f471b', operation='UPDATE', pgid='pgtrigger_justification_withdrawn_once_e0d30', table='scoring_pricejustification', when='BEFORE')),
        ),
    ]
