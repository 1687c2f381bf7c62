from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0008_collaboration_lists"),
    ]

    operations = [
        migrations.AddField(
            model_name="contract",
            name="fee_tax_basis_points",
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]
