"""The catalogue's words."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Category(models.Model):
    """A word of the catalogue. `name` is shipped text by language: `{pl, en, de, uk}`; `shape` and `hue` its sign."""

    id = models.BigAutoField(primary_key=True)
    code = models.SlugField(max_length=60, unique=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    name = models.JSONField()
    position = models.PositiveSmallIntegerField(default=0)
    shape = models.CharField(max_length=20, blank=True)
    hue = models.CharField(max_length=20, blank=True)
    default_kind = models.CharField(max_length=20, blank=True)
    retired = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.code


class AttributeKind(models.TextChoices):
    NUMBER = "number", _("number")
    CHOICE = "choice", _("choice")
    YES_NO = "yes_no", _("yes, no or unknown")
    TEXT = "text", _("text")


class AttributeDefinition(models.Model):
    """What may be said of resources in a category and below it. `choices` = [{code, label by language}]."""

    id = models.BigAutoField(primary_key=True)
    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="attributes")
    code = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=20, choices=AttributeKind.choices)
    label = models.JSONField()
    unit = models.CharField(max_length=20, blank=True)
    minimum = models.FloatField(null=True, blank=True)
    maximum = models.FloatField(null=True, blank=True)
    choices = models.JSONField(default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    searchable = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.code
