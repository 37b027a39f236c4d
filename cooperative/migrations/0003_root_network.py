"""One installation is one cooperative: its root network and the two audiences that name nothing."""

from typing import Any, ClassVar

from django.db import migrations


def make(apps: Any, schema_editor: Any) -> None:
    apps.get_model("cooperative", "Network").objects.create(name="Cooperative", kind="cooperative")
    audience = apps.get_model("cooperative", "Audience")
    audience.objects.bulk_create([audience(kind="cooperative"), audience(kind="public")])


def unmake(apps: Any, schema_editor: Any) -> None:
    apps.get_model("cooperative", "Audience").objects.filter(
        kind__in=["cooperative", "public"]
    ).delete()
    apps.get_model("cooperative", "Network").objects.filter(kind="cooperative").delete()


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cooperative", "0002_event_log_is_append_only")]

    operations: ClassVar = [migrations.RunPython(make, unmake)]
