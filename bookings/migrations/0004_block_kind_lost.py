from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("bookings", "0003_guard")]

    operations: ClassVar = [
        migrations.AlterField(
            model_name="block",
            name="kind",
            field=models.CharField(
                choices=[
                    ("own_programme", "own programme"),
                    ("closure", "closed"),
                    ("repair", "in repair"),
                    ("lost", "lost"),
                ],
                default="own_programme",
                max_length=20,
            ),
        ),
    ]
