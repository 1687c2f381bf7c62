from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("scoring", "0007_recommender_states")]

    operations = []
