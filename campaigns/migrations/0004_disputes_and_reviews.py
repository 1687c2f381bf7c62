from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0003_payments"),
        ("accounts", "0006_outbox"),
    ]

    operations = []
