"""Budget plans of campaigns."""

import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0011_shortlists'),
        ('scoring', '0016_alerts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BudgetPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('goal', models.CharField(max_length=12)),
                ('budget_minor', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('inputs', models.JSONField()),
                ('answer', models.JSONField()),
                ('versions', models.JSONField()),
                ('fingerprint', models.CharField(max_length=64)),
                ('is_simulated', models.BooleanField()),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('brief', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='campaigns.brief')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='budget_plans', to='campaigns.campaign')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', '-pk'],
                'indexes': [models.Index(fields=['campaign', '-id'], name='budget_plan_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('budget_minor__gt', 0)), name='plan_budget_above_zero'), models.CheckConstraint(condition=models.Q(('currency', ''), _negated=True), name='plan_budget_has_currency')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='budgetplan',
            trigger=pgtrigger.compiler.Trigger(name='budget_plan_read_only', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."campaign_id" IS DISTINCT FROM (NEW."campaign_id") OR OLD."brief_id" IS DISTINCT FROM (NEW."brief_id") OR OLD."goal" IS DISTINCT FROM (NEW."goal") OR OLD."budget_minor" IS DISTINCT FROM (NEW."budget_minor") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."inputs" IS DISTINCT FROM (NEW."inputs") OR OLD."answer" IS DISTINCT FROM (NEW."answer") OR OLD."versions" IS DISTINCT FROM (NEW."versions") OR OLD."fingerprint" IS DISTINCT FROM (NEW."fingerprint") OR OLD."is_simulated" IS DISTINCT FROM (NEW."is_simulated") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='0853269a4f76d5b12b2e37d7d0c307855d42a263', operation='UPDATE', pgid='pgtrigger_budget_plan_read_only_95a67', table='scoring_budgetplan', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='budgetplan',
            trigger=pgtrigger.compiler.Trigger(name='budget_plan_no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='bb60a1e84b13b3913df362861cd15caf42f1e700', operation='DELETE', pgid='pgtrigger_budget_plan_no_delete_6e558', table='scoring_budgetplan', when='BEFORE')),
        ),
    ]
