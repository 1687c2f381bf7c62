"""Niches month by month."""

import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scoring', '0014_price_justifications'),
    ]

    operations = [
        migrations.CreateModel(
            name='NicheReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(help_text="The month's first day.")),
                ('is_simulated', models.BooleanField()),
                ('version', models.PositiveIntegerField()),
                ('until', models.DateField()),
                ('as_of', models.DateTimeField(help_text='Facts recorded later were not read.')),
                ('accounts', models.IntegerField(help_text='Accounts known by the last day, in any niche.')),
                ('niches', models.IntegerField(help_text='Niches with enough creators to be shown.')),
                ('too_small', models.IntegerField(help_text='Niches with fewer, of which nothing is kept.')),
                ('content_hash', models.CharField(max_length=64)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['-month', 'is_simulated', '-version'],
                'constraints': [models.UniqueConstraint(fields=('month', 'is_simulated', 'version'), name='one_niche_report_per_version'), models.CheckConstraint(condition=models.Q(('month__day', 1), ('until__gte', models.F('month'))), name='niche_report_begins_a_month')],
            },
        ),
        migrations.CreateModel(
            name='NicheMonth',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('niche', models.CharField(max_length=60)),
                ('platform', models.CharField(blank=True, choices=[('instagram', 'Instagram'), ('tiktok', 'TikTok'), ('youtube', 'YouTube'), ('twitter', 'Twitter'), ('douyin', 'Douyin')], max_length=12)),
                ('creators', models.IntegerField()),
                ('accounts', models.IntegerField()),
                ('entrants', models.IntegerField(help_text='Creators first known in this month.')),
                ('active', models.IntegerField(help_text='Creators seen posting in this month.', null=True)),
                ('sized', models.IntegerField(help_text='Accounts whose followers are known.')),
                ('followers', models.BigIntegerField(null=True)),
                ('tiers', models.JSONField(default=dict, help_text='Size tier → accounts.')),
                ('herfindahl', models.FloatField(help_text='Sum of squared shares of followers.', null=True)),
                ('top_share', models.FloatField(help_text='Followers of the largest tenth.', null=True)),
                ('growth', models.JSONField(null=True)),
                ('growth_change', models.JSONField(null=True)),
                ('engagement', models.JSONField(help_text='With the quartiles q1 and q3.', null=True)),
                ('engagement_change', models.JSONField(null=True)),
                ('posts_per_week', models.JSONField(null=True)),
                ('prices', models.JSONField(default=list)),
                ('campaigns', models.IntegerField(help_text='Null where too few brands are behind.', null=True)),
                ('hires', models.IntegerField(help_text='Null where too few brands are behind.', null=True)),
                ('opportunity', models.JSONField(null=True)),
                ('hashtags', models.JSONField(default=list)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='scoring.nichereport')),
            ],
            options={
                'ordering': ['report', 'niche', 'platform'],
                'indexes': [models.Index(fields=['niche', 'platform'], name='niche_month_series')],
                'constraints': [models.UniqueConstraint(fields=('report', 'niche', 'platform'), name='one_niche_month_per_platform'), models.CheckConstraint(condition=models.Q(('creators__gte', 10)), name='niche_month_is_of_enough')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='nichereport',
            trigger=pgtrigger.compiler.Trigger(name='niche_report_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='e52e8ccdc7688aeede7857074e0811c5b68ad263', operation='UPDATE', pgid='pgtrigger_niche_report_append_only_be457', table='scoring_nichereport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='nichemonth',
            trigger=pgtrigger.compiler.Trigger(name='niche_month_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='8e70244c99b6df402157a375b3a7889b82406b1d', operation='UPDATE', pgid='pgtrigger_niche_month_append_only_e9e4e', table='scoring_nichemonth', when='BEFORE')),
        ),
    ]
