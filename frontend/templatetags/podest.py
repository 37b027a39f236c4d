"""Tags of the look: icons from the icon wheel, and the mark."""

from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from heroicons.templatetags import heroicons

from cooperative.identifiers import new_uid

register = template.Library()

MARK = SafeString(
    '<svg class="mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true"'
    ' focusable="false" fill="currentColor"><path class="mark-top" d="M14 4h16v4H14z"/>'
    '<path d="M8 13h22v4H8zM2 22h28v4H2zM16 8h2v5h-2zm10 0h2v5h-2zM10 17h2v5h-2zm16 0h2v5h-2z'
    'M4 26h2v4H4zm22 0h2v4h-2z"/></svg>'
)


@register.simple_tag
def icon(name: str, size: int = 20) -> str:
    """An inline icon, hidden from screen readers: the words beside it say what it means."""
    return _drawn(name, size)


@lru_cache(maxsize=256)
def _drawn(name: str, size: int) -> str:
    draw = heroicons.heroicon_micro if size <= 16 else heroicons.heroicon_mini
    attributes: dict[str, object] = {"class": "icon", "aria_hidden": "true"}
    return draw(str(name), size=size, **attributes)


@register.simple_tag
def mark() -> SafeString:
    """Three platforms, one on another."""
    return MARK


@register.filter
def dialled(phone: str) -> str:
    """What a phone dials at a tap: signs that people write between the digits left out."""
    return "".join(sign for sign in phone if sign.isdigit() or sign == "+")


SIGNS = {
    # tones of a state
    "wait": "ellipsis-horizontal",
    "kept": "clock",
    "yes": "check",
    "out": "arrow-right",
    "warn": "exclamation-triangle",
    "no": "x-mark",
    "draft": "pencil",
    # notices, and the levels of django.contrib.messages
    "ok": "check-circle",
    "bad": "exclamation-triangle",
    "info": "information-circle",
    "success": "check-circle",
    "warning": "exclamation-triangle",
    "error": "exclamation-triangle",
    # reasons
    "fact": "no-symbol",
    "rule": "hand-raised",
}


@register.simple_tag
def sign(of: str, size: int = 20) -> str:
    """The shape that stands for a tone, a level or a kind of reason; a dash for any other."""
    return _drawn(SIGNS.get(of, "minus"), size)


@register.simple_tag
def once() -> SafeString:
    """The key of a form as it is shown this time: sent twice, it has its effect once (views.once)."""
    return format_html('<input type="hidden" name="once" value="{}">', new_uid())
