"""Market values, run by run."""

import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0012_post_plans"),
    ]

    operations = [
        migrations.CreateModel(
            name="ValuationRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("as_of", models.DateTimeField()),
                ("formula_version", models.CharField(max_length=20)),
                ("model_version", models.CharField(max_length=60)),
                ("rates", models.JSONField(blank=True, default=dict)),
                ("leagues", models.JSONField(blank=True, default=dict)),
                ("accounts", models.BigIntegerField(default=0)),
                ("valued", models.BigIntegerField(default=0)),
                ("abstained", models.BigIntegerField(default=0)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("completed_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["-as_of"], name="valuation_run_newest")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("as_of", "model_version"), name="one_valuation_per_moment_and_model"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ValuationDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account_id", models.BigIntegerField()),
                ("platform", models.CharField(max_length=12)),
                ("simulated", models.BooleanField()),
                ("league", models.CharField(max_length=30)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("value", models.FloatField(null=True)),
                ("low", models.FloatField(null=True)),
                ("high", models.FloatField(null=True)),
                ("log_sd", models.FloatField(null=True)),
                ("parts", models.JSONField(default=dict)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("draws", models.BinaryField()),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to="scoring.valuationrun",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MarketValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "platform",
                    models.CharField(
                        choices=[
                            ("instagram", "Instagram"),
                            ("tiktok", "TikTok"),
                            ("youtube", "YouTube"),
                            ("twitter", "Twitter"),
                            ("douyin", "Douyin"),
                        ],
                        max_length=12,
                    ),
                ),
                ("simulated", models.BooleanField()),
                ("league", models.CharField(max_length=30)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("value", models.FloatField(null=True)),
                ("low", models.FloatField(null=True)),
                ("high", models.FloatField(null=True)),
                ("rank", models.BigIntegerField(null=True)),
                ("rank_low", models.BigIntegerField(null=True)),
                ("rank_high", models.BigIntegerField(null=True)),
                ("band", models.BigIntegerField(null=True)),
                ("log_sd", models.FloatField(null=True)),
                ("parts", models.JSONField(default=dict)),
                ("abstained", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="market_values",
                        to="accounts.socialaccount",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="values",
                        to="scoring.valuationrun",
                    ),
                ),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="valuationrun",
            trigger=pgtrigger.compiler.Trigger(
                name="valuation_run_final",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."completed_at" IS NOT NULL)',
                    func=(
                        "RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', "
                        "TG_TABLE_NAME;"
                    ),
                    hash="bae21f718e6ff378e80fda212051f9085c725af3",
                    operation="UPDATE",
                    pgid="pgtrigger_valuation_run_final_59627",
                    table="scoring_valuationrun",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="valuationdraft",
            constraint=models.UniqueConstraint(
                fields=("run", "account_id"), name="one_valuation_draft_an_account"
            ),
        ),
        migrations.AddIndex(
            model_name="marketvalue",
            index=models.Index(
                fields=["run", "league", "rank", "account"], name="market_value_ranking"
            ),
        ),
        migrations.AddIndex(
            model_name="marketvalue",
            index=models.Index(fields=["account", "-run"], name="market_value_history"),
        ),
        migrations.AddConstraint(
            model_name="marketvalue",
            constraint=models.UniqueConstraint(
                fields=("run", "account"), name="one_market_value_a_run"
            ),
        ),
        migrations.AddConstraint(
            model_name="marketvalue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("abstained", True), ("rank", None), ("value", None)),
                    models.Q(
                        ("abstained", False), ("rank__isnull", False), ("value__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="market_value_or_reason",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="marketvalue",
            trigger=pgtrigger.compiler.Trigger(
                name="market_value_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func=(
                        "RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', "
                        "TG_TABLE_NAME;"
                    ),
                    hash="53bc3c38e8de8d9ce66229400bdb3aa14a602b40",
                    operation="UPDATE",
                    pgid="pgtrigger_market_value_append_only_e3328",
                    table="scoring_marketvalue",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(
            sql="ALTER TABLE scoring_valuationdraft SET UNLOGGED",
            reverse_sql="ALTER TABLE scoring_valuationdraft SET LOGGED",
        ),
    ]
