"""Technical administration: for few, to look at, signing in as everywhere else."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from cooperative.admin import PersonAdmin, ReadOnlyAdmin
from tests.cooperative.factories import make_institution, make_member, make_person

pytestmark = pytest.mark.django_db


def test_signing_in_leads_to_the_products_own_page() -> None:
    answer = Client().get("/admin/login/")
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_every_list_of_ours_opens_and_changes_nothing() -> None:
    make_member(make_institution())
    staff = make_person(is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(staff)
    ours = [
        (model, shown)
        for model, shown in admin.site._registry.items()
        if model._meta.app_label == "cooperative"
    ]
    assert len(ours) == 12
    for model, shown in ours:
        address = f"admin:cooperative_{model._meta.model_name}"
        assert client.get(reverse(f"{address}_changelist")).status_code == 200
        assert client.get(reverse(f"{address}_add")).status_code == 403
        assert isinstance(shown, ReadOnlyAdmin | PersonAdmin)


def test_who_is_not_staff_stays_outside() -> None:
    client = Client()
    client.force_login(make_person())
    assert client.get("/admin/").status_code == 302
