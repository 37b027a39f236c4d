"""Regions of countries by ISO 3166-2 code, as people call them: school holidays differ by them.

Poland's codes are those in force since 2018 (PL-02, not the former PL-DS).
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REGIONS: dict[str, dict[str, str | Promise]] = {
    "PL": {
        "PL-02": _("Lower Silesia"),
        "PL-04": _("Kuyavia-Pomerania"),
        "PL-06": _("Lublin Province"),
        "PL-08": _("Lubusz Province"),
        "PL-10": _("Łódź Province"),
        "PL-12": _("Lesser Poland"),
        "PL-14": _("Mazovia"),
        "PL-16": _("Opole Province"),
        "PL-18": _("Subcarpathia"),
        "PL-20": _("Podlasie"),
        "PL-22": _("Pomerania"),
        "PL-24": _("Silesia"),
        "PL-26": _("Holy Cross Province"),
        "PL-28": _("Warmia-Masuria"),
        "PL-30": _("Greater Poland"),
        "PL-32": _("West Pomerania"),
    }
}
"""By country (ISO 3166-1 alpha-2), in the order of the codes, which is that of the Polish names."""
