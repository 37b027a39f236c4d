"""WHAT: the catalogue's words, what members list, when it is open and for whom."""

from .catalogue import AttributeDefinition, AttributeKind, Category
from .hours import DayOff, DayOffKind, WeeklyHours
from .resources import (
    Answering,
    Handover,
    HoursSource,
    Resource,
    ResourceKind,
    ResourcePhoto,
    ResourceState,
    ResourceText,
)
from .reviews import Review, ReviewState
from .terms import FeeKind, SharingTerms

__all__ = [
    "Answering",
    "AttributeDefinition",
    "AttributeKind",
    "Category",
    "DayOff",
    "DayOffKind",
    "FeeKind",
    "Handover",
    "HoursSource",
    "Resource",
    "ResourceKind",
    "ResourcePhoto",
    "ResourceState",
    "ResourceText",
    "Review",
    "ReviewState",
    "SharingTerms",
    "WeeklyHours",
]
