"""Alert rules and what they fired on."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_alerts_and_market_jobs'),
        ('accounts', '__first__'),
        ('campaigns', '0011_shortlists'),
        ('scoring', '0015_niche_reports'),
    ]

    operations = [
        migrations.CreateModel(
            name='AlertCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(unique=True)),
                ('seen_ids', models.JSONField(default=dict)),
                ('rules', models.PositiveIntegerField(default=0)),
                ('readings', models.PositiveIntegerField(default=0, help_text='Readings that were new.')),
                ('fired', models.PositiveIntegerField(default=0)),
                ('left_out', models.PositiveIntegerField(default=0, help_text='Findings beyond what one rule may fire on in one check.')),
                ('seconds', models.FloatField(default=0.0)),
            ],
            options={
                'ordering': ['-at'],
                'get_latest_by': 'at',
            },
        ),
        migrations.CreateModel(
            name='AlertRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('is_paused', models.BooleanField(default=False)),
                ('by_email', models.BooleanField(default=True)),
                ('by_webhook', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='alert_rules', to='accounts.brand')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name', 'pk'],
                'constraints': [models.UniqueConstraint(models.F('brand'), django.db.models.functions.text.Lower('name'), name='one_alert_rule_per_name'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='alert_rule_has_a_name')],
            },
        ),
        migrations.CreateModel(
            name='AlertSeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('metric', models.CharField(max_length=20)),
                ('key', models.CharField(blank=True, max_length=60)),
                ('mode', models.CharField(choices=[('level', 'The value itself'), ('absolute', "Change in the metric's unit"), ('percent', 'Change in per cent')], max_length=8)),
                ('window_days', models.PositiveSmallIntegerField(default=0)),
                ('synced_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name_plural': 'alert series',
                'constraints': [models.UniqueConstraint(fields=('metric', 'key', 'mode', 'window_days'), name='one_alert_series_of_each'), models.CheckConstraint(condition=models.Q(models.Q(('mode', 'level'), ('window_days', 0)), models.Q(('mode__in', ['absolute', 'percent']), ('window_days__gt', 0)), _connector='OR'), name='alert_series_window_fits_mode')],
            },
        ),
        migrations.CreateModel(
            name='AlertReading',
            fields=[
                ('pk', models.CompositePrimaryKey('account_id', 'series_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('value', models.FloatField()),
                ('day', models.DateField()),
                ('previous', models.FloatField(null=True)),
                ('previous_day', models.DateField(null=True)),
                ('level', models.FloatField()),
                ('base', models.FloatField(null=True)),
                ('base_day', models.DateField(null=True)),
                ('source', models.BigIntegerField(null=True)),
                ('model_version', models.CharField(blank=True, max_length=60)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.socialaccount')),
                ('series', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='readings', to='scoring.alertseries')),
            ],
            options={
                'indexes': [models.Index(fields=['series', 'value'], name='alert_reading_by_value')],
            },
        ),
        migrations.CreateModel(
            name='AlertVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('kind', models.CharField(choices=[('threshold', 'A value crosses a threshold'), ('change', 'A value changes over some days'), ('entrant', 'Somebody is new in a niche')], max_length=10)),
                ('direction', models.CharField(choices=[('up', 'Upward: reaches or passes it'), ('down', 'Downward: falls to it or below')], max_length=4)),
                ('threshold', models.FloatField()),
                ('include_matching', models.BooleanField(default=False)),
                ('cooldown_days', models.PositiveSmallIntegerField()),
                ('scope', models.CharField(choices=[('filters', 'Everybody who passes the filters'), ('shortlist', 'Creators on a shortlist'), ('named', 'Creators named one by one')], max_length=10)),
                ('platforms', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), blank=True, default=list, size=None)),
                ('niches', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, size=None)),
                ('countries', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), blank=True, default=list, size=None)),
                ('country_keys', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), blank=True, default=list, size=None)),
                ('min_followers', models.BigIntegerField(null=True)),
                ('max_followers', models.BigIntegerField(null=True)),
                ('creator_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('is_live', models.BooleanField(default=True)),
                ('active_since', models.DateTimeField()),
                ('first_checked_at', models.DateTimeField(null=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='scoring.alertrule')),
                ('series', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='scoring.alertseries')),
                ('shortlist', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='campaigns.shortlist')),
            ],
            options={
                'ordering': ['-number'],
                'indexes': [models.Index(condition=models.Q(('is_live', True)), fields=['series', 'direction', 'threshold'], name='alert_version_live')],
                'constraints': [models.UniqueConstraint(fields=('rule', 'number'), name='one_alert_version_a_number'), models.UniqueConstraint(condition=models.Q(('is_live', True)), fields=('rule',), name='one_live_alert_version'), models.CheckConstraint(condition=models.Q(('threshold__gte', -1000000000000000.0), ('threshold__lte', 1000000000000000.0)), name='alert_threshold_is_a_number'), models.CheckConstraint(condition=models.Q(('cooldown_days__gte', 1)), name='alert_cooldown_of_a_day_or_more')],
            },
        ),
        migrations.CreateModel(
            name='AlertFiring',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('value', models.FloatField()),
                ('level', models.FloatField()),
                ('previous', models.FloatField(null=True)),
                ('previous_day', models.DateField(null=True)),
                ('base', models.FloatField(null=True)),
                ('base_day', models.DateField(null=True)),
                ('source', models.BigIntegerField(null=True)),
                ('model_version', models.CharField(blank=True, max_length=60)),
                ('matched_already', models.BooleanField(default=False)),
                ('fired_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.socialaccount')),
                ('brand', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.brand')),
                ('creator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='alert_firings', to='accounts.creator')),
                ('seen_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('rule', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='firings', to='scoring.alertrule')),
                ('version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='firings', to='scoring.alertversion')),
            ],
            options={
                'ordering': ['-fired_at', '-pk'],
                'indexes': [models.Index(fields=['rule', '-fired_at', '-id'], name='alert_firing_latest'), models.Index(fields=['brand', '-fired_at'], name='alert_firing_of_brand'), models.Index(fields=['version'], name='alert_firing_of_version'), models.Index(condition=models.Q(('seen_at__isnull', True)), fields=['brand'], name='alert_firing_unseen')],
                'constraints': [models.UniqueConstraint(fields=('rule', 'creator', 'day'), name='one_alert_a_creator_and_day')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='alertversion',
            trigger=pgtrigger.compiler.Trigger(name='alert_version_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."rule_id" IS DISTINCT FROM (NEW."rule_id") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."series_id" IS DISTINCT FROM (NEW."series_id") OR OLD."direction" IS DISTINCT FROM (NEW."direction") OR OLD."threshold" IS DISTINCT FROM (NEW."threshold") OR OLD."include_matching" IS DISTINCT FROM (NEW."include_matching") OR OLD."cooldown_days" IS DISTINCT FROM (NEW."cooldown_days") OR OLD."scope" IS DISTINCT FROM (NEW."scope") OR OLD."platforms" IS DISTINCT FROM (NEW."platforms") OR OLD."niches" IS DISTINCT FROM (NEW."niches") OR OLD."countries" IS DISTINCT FROM (NEW."countries") OR OLD."country_keys" IS DISTINCT FROM (NEW."country_keys") OR OLD."min_followers" IS DISTINCT FROM (NEW."min_followers") OR OLD."max_followers" IS DISTINCT FROM (NEW."max_followers") OR OLD."creator_ids" IS DISTINCT FROM (NEW."creator_ids") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='483c20aa9ee943269460c6899350fc8b6cf52928', operation='UPDATE', pgid='pgtrigger_alert_version_fixed_8794e', table='scoring_alertversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='alertfiring',
            trigger=pgtrigger.compiler.Trigger(name='alert_firing_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."rule_id" IS DISTINCT FROM (NEW."rule_id") OR OLD."version_id" IS DISTINCT FROM (NEW."version_id") OR OLD."brand_id" IS DISTINCT FROM (NEW."brand_id") OR OLD."creator_id" IS DISTINCT FROM (NEW."creator_id") OR OLD."account_id" IS DISTINCT FROM (NEW."account_id") OR OLD."day" IS DISTINCT FROM (NEW."day") OR OLD."value" IS DISTINCT FROM (NEW."value") OR OLD."level" IS DISTINCT FROM (NEW."level") OR OLD."previous" IS DISTINCT FROM (NEW."previous") OR OLD."previous_day" IS DISTINCT FROM (NEW."previous_day") OR OLD."base" IS DISTINCT FROM (NEW."base") OR OLD."base_day" IS DISTINCT FROM (NEW."base_day") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."model_version" IS DISTINCT FROM (NEW."model_version") OR OLD."matched_already" IS DISTINCT FROM (NEW."matched_already") OR OLD."fired_at" IS DISTINCT FROM (NEW."fired_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='5b03adf6263d9932cdc621f525e7e83b30aa8a4e', operation='UPDATE', pgid='pgtrigger_alert_firing_fixed_5b954', table='scoring_alertfiring', when='BEFORE')),
        ),
    ]
