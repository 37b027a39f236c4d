"""WHAT: the catalogue's words, what members list, when it is open and for whom."""

from .catalogue import AttributeDefinition, AttributeKind, Category
from .composition import Companion, CompanionKind, ResourcePart
from .hours import ChangedHours, DayOff, DayOffKind, SchoolHoliday, WeeklyHours
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
    "ChangedHours",
    "Companion",
    "CompanionKind",
    "DayOff",
    "DayOffKind",
    "FeeKind",
    "Handover",
    "HoursSource",
    "Resource",
    "ResourceKind",
    "ResourcePart",
    "ResourcePhoto",
    "ResourceState",
    "ResourceText",
    "Review",
    "ReviewState",
    "SchoolHoliday",
    "SharingTerms",
    "WeeklyHours",
]
