"""What languages and countries are compared by.

Languages are read by the next synchronisation of the search rows, which finds that their
texts were never read; until then they are unknown. Country keys are written here, or a
country filter would find nobody in between.
"""

from django.db import migrations, models

from scoring.ml.match.limits import country_key


def write_country_keys(apps, schema_editor):
    entries = apps.get_model("scoring", "SearchEntry").objects.filter(country_key="")
    for country in entries.exclude(country="").values_list("country", flat=True).distinct():
        entries.filter(country=country).update(country_key=country_key(country))


class Migration(migrations.Migration):
    dependencies = [("scoring", "0003_post_scores")]

    operations = [
        migrations.AddField(
            model_name="searchentry",
            name="country_key",
            field=models.CharField(blank=True, default="", max_length=80),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="searchentry",
            name="language",
            field=models.CharField(blank=True, default="", max_length=3),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="searchentry",
            name="language_basis",
            field=models.CharField(blank=True, default="", max_length=32),
            preserve_default=False,
        ),
        migrations.RunPython(write_country_keys, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name="searchentry", name="search_entry_filter"),
        migrations.AddIndex(
            model_name="searchentry",
            index=models.Index(
                fields=["country_key", "platform", "followers"], name="search_entry_country"
            ),
        ),
        migrations.AddIndex(
            model_name="searchentry",
            index=models.Index(fields=["language", "followers"], name="search_entry_language"),
        ),
        migrations.AddIndex(
            model_name="searchentry",
            index=models.Index(fields=["followers"], name="search_entry_followers"),
        ),
    ]
