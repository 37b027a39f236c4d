"""WHAT: the catalogue's words, what members list, when it is open and for whom."""

from .catalogue import AttributeDefinition, AttributeKind, Category
from .composition import Companion, CompanionKind, ResourcePart
from .hours import (
    ChangedHours,
    DayOff,
    DayOffKind,
    DayPart,
    PartOfDay,
    SchoolHoliday,
    WeeklyHours,
)
from .resources import (
    Answering,
    Handover,
    HoursSource,
    Resource,
    ResourceGroup,
    ResourceKeeper,
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
    "DayPart",
    "FeeKind",
    "Handover",
    "HoursSource",
    "PartOfDay",
    "Resource",
    "ResourceGroup",
    "ResourceKeeper",
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
