"""Formulas of campaign reports, version by version."""

import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_alerts_and_market_jobs'),
        ('campaigns', '0011_shortlists'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReportFormula',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('is_on', models.BooleanField(default=False)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('rates', models.JSONField(blank=True, default=dict)),
                ('sources', models.JSONField(blank=True, default=dict)),
                ('restored_from', models.PositiveIntegerField(blank=True, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='report_formulas', to='accounts.brand')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['brand', '-version'],
                'constraints': [models.UniqueConstraint(fields=('brand', 'version'), name='one_report_formula_per_version'), models.CheckConstraint(condition=models.Q(('rates', {}), models.Q(('currency', ''), _negated=True), _connector='OR'), name='report_rates_have_currency'), models.CheckConstraint(condition=models.Q(('is_on', False), models.Q(('rates', {}), _negated=True), _connector='OR'), name='report_formula_on_has_rates')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reportformula',
            trigger=pgtrigger.compiler.Trigger(name='report_formula_read_only', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."brand_id" IS DISTINCT FROM (NEW."brand_id") OR OLD."version" IS DISTINCT FROM (NEW."version") OR OLD."is_on" IS DISTINCT FROM (NEW."is_on") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."rates" IS DISTINCT FROM (NEW."rates") OR OLD."sources" IS DISTINCT FROM (NEW."sources") OR OLD."restored_from" IS DISTINCT FROM (NEW."restored_from") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='2e4f172e81522a683905f0386f1c599b8c238abf', operation='UPDATE', pgid='pgtrigger_report_formula_read_only_690ea', table='campaigns_reportformula', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reportformula',
            trigger=pgtrigger.compiler.Trigger(name='report_formula_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='42c795b1f959df81d684e383b791c31c0cfc9e05', operation='DELETE', pgid='pgtrigger_report_formula_no_delete_86d41', table='campaigns_reportformula', when='BEFORE')),
        ),
    ]
