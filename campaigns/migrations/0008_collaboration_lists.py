import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# The rows of an active collaboration are filled by the new trigger itself.
BACKFILL = """
UPDATE campaigns_collaboration SET brand_id = campaign.brand_id
FROM campaigns_campaign campaign WHERE campaign.id = campaigns_collaboration.campaign_id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_outbox"),
        ("campaigns", "0007_full_briefs"),
    ]

    operations = [
        migrations.CreateModel(
            name="TrackRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "brand",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="track_record",
                        to="accounts.brand",
                    ),
                ),
                (
                    "creator",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="track_record",
                        to="accounts.creator",
                    ),
                ),
                ("figures", models.JSONField()),
                ("as_of", models.DateTimeField()),
                ("last_event_id", models.BigIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name="collaboration",
            name="brand",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                help_text="The campaign's.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="collaborations",
                to="accounts.brand",
            ),
        ),
        migrations.AddField(
            model_name="collaboration",
            name="brand_acts",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="collaboration",
            name="creator_acts",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="collaboration",
            name="due_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="collaboration",
            name="stage",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(
                        state__in=["invited", "applied", "negotiating", "agreed"],
                        then=models.Value("talks"),
                    ),
                    models.When(state__in=["signed", "disputed"], then=models.Value("money")),
                    models.When(
                        state__in=["active", "cancel_requested"], then=models.Value("running")
                    ),
                    models.When(
                        state__in=[
                            "completed",
                            "closed",
                            "settled",
                            "cancelled",
                            "declined",
                            "withdrawn",
                            "rejected",
                            "expired",
                        ],
                        then=models.Value("done"),
                    ),
                    default=models.Value("done"),
                    output_field=models.CharField(max_length=8),
                ),
                output_field=models.CharField(
                    choices=[
                        ("talks", "In talks"),
                        ("money", "Money waits"),
                        ("running", "Running"),
                        ("done", "Done"),
                    ],
                    max_length=8,
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="collaboration",
            trigger=pgtrigger.compiler.Trigger(
                name="collaboration_summary",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE work record;",
                    func="\n        IF TG_OP = 'INSERT' THEN\n            SELECT campaign.brand_id INTO NEW.brand_id\n            FROM campaigns_campaign campaign WHERE campaign.id = NEW.campaign_id;\n        END IF;\n        NEW.brand_acts := NEW.acting_side IN ('brand', 'both');\n        NEW.creator_acts := NEW.acting_side IN ('creator', 'both');\n        NEW.due_at := NEW.deadline_at;\n        IF NEW.state = 'active' THEN\n            SELECT coalesce(bool_or(piece.acting_side IN ('brand', 'both')), false) AS of_brand,\n                coalesce(bool_or(piece.acting_side IN ('creator', 'both')), false) AS of_creator,\n                min(coalesce(piece.deadline_at, NEW.stood_still + CASE piece.state\n                        WHEN 'pending' THEN (piece.draft_due_on + 1)::timestamp AT TIME ZONE 'UTC'\n                        WHEN 'approved' THEN (piece.publish_by + 1)::timestamp AT TIME ZONE 'UTC'\n                        WHEN 'revision_requested'\n                            THEN piece.updated_at + interval '7 days'\n                    END)) AS due_at\n            INTO work\n            FROM campaigns_deliverable piece\n            WHERE piece.collaboration_id = NEW.id AND piece.acting_side <> '';\n            NEW.brand_acts := NEW.brand_acts OR work.of_brand;\n            NEW.creator_acts := NEW.creator_acts OR work.of_creator;\n            NEW.due_at := least(NEW.due_at, work.due_at);\n        END IF;\n        RETURN NEW;\n    ",
                    hash="a113909cc1507c4b4823d8ece73517ba13cf6ad4",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_collaboration_summary_cbbb7",
                    table="campaigns_collaboration",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="collaboration",
            name="brand",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                help_text="The campaign's.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="collaborations",
                to="accounts.brand",
            ),
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="collaboration",
            name="collaboration_parties_fixed",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="collaboration",
            trigger=pgtrigger.compiler.Trigger(
                name="collaboration_parties_fixed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."campaign_id" IS DISTINCT FROM (NEW."campaign_id") OR OLD."brand_id" IS DISTINCT FROM (NEW."brand_id") OR OLD."creator_id" IS DISTINCT FROM (NEW."creator_id") OR OLD."started_by" IS DISTINCT FROM (NEW."started_by") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="de04bd6eeec6b3c13654ebd7c8b8b98163960eee",
                    operation="UPDATE",
                    pgid="pgtrigger_collaboration_parties_fixed_35180",
                    table="campaigns_collaboration",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deliverable",
            trigger=pgtrigger.compiler.Trigger(
                name="deliverable_renews_summary",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n        UPDATE campaigns_collaboration\n        SET updated_at = greatest(updated_at, NEW.updated_at)\n        WHERE id = NEW.collaboration_id AND state = 'active';\n        RETURN NULL;\n    ",
                    hash="243b0376bdb713e654fe1912a1983dc3b57a98f4",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_deliverable_renews_summary_2fa5a",
                    table="campaigns_deliverable",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="collaboration",
            index=models.Index(
                fields=["brand", "-updated_at", "-id"], name="collaboration_of_brand"
            ),
        ),
        migrations.AddIndex(
            model_name="collaboration",
            index=models.Index(
                fields=["brand", "stage", "-updated_at", "-id"], name="collaboration_of_stage"
            ),
        ),
        migrations.AddIndex(
            model_name="collaboration",
            index=models.Index(
                condition=models.Q(("brand_acts", True)),
                fields=["brand", "-updated_at", "-id"],
                name="collaboration_needs_brand",
            ),
        ),
        migrations.AddIndex(
            model_name="collaboration",
            index=models.Index(
                condition=models.Q(("creator_acts", True)),
                fields=["creator", "-updated_at", "-id"],
                name="collaboration_needs_creator",
            ),
        ),
        migrations.AddIndex(
            model_name="collaboration",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)),
                fields=["brand", "due_at"],
                name="collaboration_due_of_brand",
            ),
        ),
        migrations.AddIndex(
            model_name="trackrecord",
            index=models.Index(fields=["as_of"], name="track_record_age"),
        ),
        migrations.AddIndex(
            model_name="trackrecord",
            index=models.Index(fields=["last_event_id"], name="track_record_last_event"),
        ),
        migrations.AddConstraint(
            model_name="trackrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("brand", None), ("creator__isnull", False)),
                    models.Q(("brand__isnull", False), ("creator", None)),
                    _connector="OR",
                ),
                name="track_record_has_its_owner",
            ),
        ),
    ]
