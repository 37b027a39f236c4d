"""How forms become HTML: `FORM_RENDERER = "frontend.forms_renderer.PodestRenderer"`.

Needs "django.forms" in INSTALLED_APPS, because widgets are then looked up like any template.
"""

from django.forms.renderers import TemplatesSetting


class PodestRenderer(TemplatesSetting):
    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
