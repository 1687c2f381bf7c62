import django.db.models.deletion
import django.utils.timezone
import pgvector.django.vector
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0004_search_languages"),
    ]

    operations = [
        migrations.CreateModel(
            name="MatchFacts",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="match_facts",
                        serialize=False,
                        to="scoring.searchentry",
                    ),
                ),
                ("ages", models.JSONField(default=dict)),
                ("genders", models.JSONField(default=dict)),
                ("interests", models.JSONField(default=dict)),
                ("captions_hash", models.CharField(blank=True, max_length=64)),
                ("captions_vector", pgvector.django.vector.VectorField(dimensions=384, null=True)),
                ("tone", models.JSONField(null=True)),
                ("repeated_captions", models.FloatField(null=True)),
                ("repeated_pictures", models.FloatField(null=True)),
                ("accepted", models.PositiveIntegerField(null=True)),
                ("completed", models.PositiveIntegerField(null=True)),
                ("collaborations", models.PositiveIntegerField(null=True)),
                ("worked_in", models.JSONField(default=dict)),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name_plural": "match facts",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accepted", None), ("completed", None)),
                            ("completed__lte", models.F("accepted")),
                            _connector="OR",
                        ),
                        name="match_completed_of_accepted",
                    )
                ],
            },
        ),
    ]
