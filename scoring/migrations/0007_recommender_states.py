import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0006_interactions"),
    ]

    operations = [
        migrations.CreateModel(
            name="RecommenderState",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("refit", "Learned anew from everything"),
                            ("update", "Learned on from new events"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "serves",
                    models.CharField(
                        choices=[("learned", "What was learned"), ("points", "The points rating")],
                        help_text="Points, unless what was learned did no worse on events it had not seen.",
                        max_length=8,
                    ),
                ),
                (
                    "why",
                    models.CharField(help_text="The figures behind it, in words.", max_length=300),
                ),
                (
                    "base_version",
                    models.CharField(help_text="The shipped model it started from.", max_length=60),
                ),
                ("learned_through", models.DateTimeField(help_text="Events up to here were read.")),
                (
                    "fingerprint",
                    models.CharField(help_text="SHA-256 of the events read.", max_length=64),
                ),
                ("events", models.BigIntegerField(help_text="Events read, impressions included.")),
                (
                    "choices",
                    models.BigIntegerField(help_text="Pairs of brand and creator with a weight."),
                ),
                ("factors", models.BinaryField()),
                ("sha256", models.CharField(help_text="Of the factors.", max_length=64)),
                ("encoders", models.JSONField(default=dict)),
                (
                    "comparison",
                    models.JSONField(
                        default=dict,
                        help_text="Figures on the later events, by recommender, of the last refit.",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "get_latest_by": "id",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("choices__gte", 0), ("events__gte", 0)),
                        name="recommender_state_counts",
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="recommenderstate",
            trigger=pgtrigger.compiler.Trigger(
                name="recommender_state_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="cc4b6cd714a7c94e1417c9d485c6fc2259985617",
                    operation="UPDATE",
                    pgid="pgtrigger_recommender_state_append_only_d752d",
                    table="scoring_recommenderstate",
                    when="BEFORE",
                ),
            ),
        ),
    ]
