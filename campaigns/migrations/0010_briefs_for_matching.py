import django.contrib.postgres.fields
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0009_fee_tax"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="brief",
            name="brief_read_only",
        ),
        migrations.AddField(
            model_name="brief",
            name="category",
            field=models.CharField(
                blank=True,
                help_text="The trade in which past work counts; empty for the first niche.",
                max_length=60,
            ),
        ),
        migrations.AddField(
            model_name="brief",
            name="languages",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=2),
                blank=True,
                default=list,
                help_text="ISO 639-1 codes of the languages creators write in, any of them.",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="brief",
            name="needs_availability",
            field=models.BooleanField(
                default=False,
                help_text="Only creators known to be free in the days of publication are shown.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="brief",
            trigger=pgtrigger.compiler.Trigger(
                name="brief_read_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."campaign_id" IS DISTINCT FROM (NEW."campaign_id") OR OLD."version" IS DISTINCT FROM (NEW."version") OR OLD."text" IS DISTINCT FROM (NEW."text") OR OLD."platform" IS DISTINCT FROM (NEW."platform") OR OLD."country" IS DISTINCT FROM (NEW."country") OR OLD."languages" IS DISTINCT FROM (NEW."languages") OR OLD."niches" IS DISTINCT FROM (NEW."niches") OR OLD."category" IS DISTINCT FROM (NEW."category") OR OLD."min_followers" IS DISTINCT FROM (NEW."min_followers") OR OLD."max_followers" IS DISTINCT FROM (NEW."max_followers") OR OLD."max_risk" IS DISTINCT FROM (NEW."max_risk") OR OLD."needs_availability" IS DISTINCT FROM (NEW."needs_availability") OR OLD."budget_minor" IS DISTINCT FROM (NEW."budget_minor") OR OLD."total_budget_minor" IS DISTINCT FROM (NEW."total_budget_minor") OR OLD."budget_currency" IS DISTINCT FROM (NEW."budget_currency") OR OLD."values" IS DISTINCT FROM (NEW."values") OR OLD."audience" IS DISTINCT FROM (NEW."audience") OR OLD."objective" IS DISTINCT FROM (NEW."objective") OR OLD."deliverables" IS DISTINCT FROM (NEW."deliverables") OR OLD."places" IS DISTINCT FROM (NEW."places") OR OLD."shows_budget" IS DISTINCT FROM (NEW."shows_budget") OR OLD."product" IS DISTINCT FROM (NEW."product") OR OLD."links" IS DISTINCT FROM (NEW."links") OR OLD."dos" IS DISTINCT FROM (NEW."dos") OR OLD."donts" IS DISTINCT FROM (NEW."donts") OR OLD."usage_rights_months" IS DISTINCT FROM (NEW."usage_rights_months") OR OLD."usage_rights" IS DISTINCT FROM (NEW."usage_rights") OR OLD."exclusivity_days" IS DISTINCT FROM (NEW."exclusivity_days") OR OLD."disclosure" IS DISTINCT FROM (NEW."disclosure") OR OLD."revision_rounds" IS DISTINCT FROM (NEW."revision_rounds") OR OLD."approval" IS DISTINCT FROM (NEW."approval") OR OLD."apply_by" IS DISTINCT FROM (NEW."apply_by") OR OLD."publish_from" IS DISTINCT FROM (NEW."publish_from") OR OLD."publish_by" IS DISTINCT FROM (NEW."publish_by") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="a0e5ba8c3948e9240b6e387aab7e7952f789a8f2",
                    operation="UPDATE",
                    pgid="pgtrigger_brief_read_only_aeb92",
                    table="campaigns_brief",
                    when="BEFORE",
                ),
            ),
        ),
    ]
