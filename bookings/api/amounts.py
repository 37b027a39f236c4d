"""Amounts of money in bodies."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from cooperative.api.fields import Unfit


class Amount(serializers.DecimalField):
    """An amount of money, as text: `120.50`."""

    _WRITTEN = re.compile(r"[0-9]{1,10}(?:\.[0-9]{1,2})?")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=12, decimal_places=2, **kwargs)

    def read(self, value: Any) -> Decimal:
        if not isinstance(value, str) or not self._WRITTEN.fullmatch(value):
            raise Unfit("not_an_amount", _("An amount is written as 120.50, in quotes."))
        return Decimal(value)
