"""When its owner looks again whether something still is out of order."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bookings", "0009_watch_offsets")]

    operations = [
        migrations.AddField(
            model_name="block",
            name="review_on",
            field=models.DateField(blank=True, null=True),
        )
    ]
