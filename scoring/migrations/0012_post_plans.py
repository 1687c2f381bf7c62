"""Drafts of posts that creators tested and kept, and what became of them."""

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
        ('scoring', '0011_prices'),
    ]

    operations = [
        migrations.CreateModel(
            name='PostPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=80)),
                ('inputs', models.JSONField()),
                ('answer', models.JSONField()),
                ('model_version', models.CharField(max_length=40)),
                ('input_hash', models.CharField(max_length=64)),
                ('is_simulated', models.BooleanField(help_text="The account's facts are simulated.")),
                ('kept_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='post_plans', to='accounts.socialaccount')),
                ('created_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['account', '-kept_at'], name='post_plan_latest')],
                'constraints': [models.UniqueConstraint(fields=('account', 'input_hash'), name='one_post_plan_per_question')],
            },
        ),
        migrations.CreateModel(
            name='PublishedPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('linked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('linked_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('plan', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='published', to='scoring.postplan')),
                ('post', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='plan', to='accounts.post')),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='postplan',
            trigger=pgtrigger.compiler.Trigger(name='post_plan_read_only', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."account_id" IS DISTINCT FROM (NEW."account_id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."inputs" IS DISTINCT FROM (NEW."inputs") OR OLD."answer" IS DISTINCT FROM (NEW."answer") OR OLD."model_version" IS DISTINCT FROM (NEW."model_version") OR OLD."input_hash" IS DISTINCT FROM (NEW."input_hash") OR OLD."is_simulated" IS DISTINCT FROM (NEW."is_simulated") OR OLD."kept_at" IS DISTINCT FROM (NEW."kept_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='fc63e23f6241cc667f7552ba1561a9de09623cf6', operation='UPDATE', pgid='pgtrigger_post_plan_read_only_08fc7', table='scoring_postplan', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publishedplan',
            trigger=pgtrigger.compiler.Trigger(name='published_plan_read_only', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."plan_id" IS DISTINCT FROM (NEW."plan_id") OR OLD."post_id" IS DISTINCT FROM (NEW."post_id") OR OLD."linked_at" IS DISTINCT FROM (NEW."linked_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='f4286297705c0f578369790a4e59b05af842f7c1', operation='UPDATE', pgid='pgtrigger_published_plan_read_only_df23c', table='scoring_publishedplan', when='BEFORE')),
        ),
    ]
