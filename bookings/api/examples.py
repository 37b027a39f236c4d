"""Examples for the OpenAPI document; everything in them is made up."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiExample

_HALL = "0198c1f0-7d3a-7c11-9a50-2f1f0c9f3b01"

NEW_BOOKING = OpenApiExample(
    "A room for an evening, with an hour of set-up",
    value={
        "title": "Rehearsal of the neighbourhood choir",
        "expected_people": 40,
        "lines": [
            {
                "resource": _HALL,
                "starts_at": "2027-05-03T18:00:00+02:00",
                "ends_at": "2027-05-03T21:00:00+02:00",
                "setup_minutes": 60,
            }
        ],
    },
    request_only=True,
)
NEW_SERIES = OpenApiExample(
    "A room every Tuesday, not on holidays, not on 4 May, but on 5 May",
    value={
        "title": "Rehearsals",
        "lines": [
            {
                "resource": _HALL,
                "starts_at": "2027-02-02T17:00:00+01:00",
                "ends_at": "2027-02-02T20:00:00+01:00",
                "series": {
                    "rule": "FREQ=WEEKLY;UNTIL=20270525",
                    "exceptions": ["2027-05-04"],
                    "additions": ["2027-05-05"],
                    "skip_public_holidays": True,
                },
            }
        ],
    },
    request_only=True,
)
WRITTEN_IN = OpenApiExample(
    "The school's head phoned: a room, this once",
    value={
        "title": "Rehearsal of the school play",
        "outside_name": "Primary school no. 12, Ms Novak",
        "outside_phone": "+48 600 100 200",
        "came_by": "phone",
        "lines": [
            {
                "resource": _HALL,
                "starts_at": "2027-03-17T10:00:00+01:00",
                "ends_at": "2027-03-17T12:00:00+01:00",
            }
        ],
    },
    request_only=True,
)
REFUSAL = OpenApiExample(
    "Taken, with another time",
    value={
        "type": "urn:podest:problem:not_possible",
        "title": "This cannot be booked like that",
        "status": 409,
        "detail": "This cannot be booked like that",
        "code": "not_possible",
        "reasons": [
            {
                "code": "taken",
                "kind": "fact",
                "waivable": False,
                "line": 0,
                "message": "It is taken at that time.",
                "values": {
                    "taken": [
                        {
                            "starts_at": "2027-05-03T16:00:00+00:00",
                            "ends_at": "2027-05-03T18:00:00+00:00",
                        }
                    ]
                },
            }
        ],
        "alternatives": [
            {
                "kind": "other_time",
                "line": 0,
                "message": "The same, at another time",
                "title": "Rehearsal room",
                "owner": "House by the Canal",
                "resource": _HALL,
                "starts_at": "2027-05-04T18:00:00+02:00",
                "ends_at": "2027-05-04T21:00:00+02:00",
                "event_starts_at": "2027-05-04T18:00:00+02:00",
                "event_ends_at": "2027-05-04T21:00:00+02:00",
                "units": 1,
                "setup_minutes": 60,
                "strike_minutes": 0,
                "second_in_line": False,
                "waiting_list": False,
                "least_units": None,
                "place": None,
            }
        ],
    },
    response_only=True,
    status_codes=["409"],
    media_type="application/problem+json",
)
NEW_OFFER = OpenApiExample(
    "Two hours later instead",
    value={
        "line": "0198c1f0-7d3a-7c11-9a50-2f1f0c9f3b77",
        "starts_at": "2027-05-03T20:00:00+02:00",
        "ends_at": "2027-05-03T23:00:00+02:00",
        "note": "The school has the hall until eight.",
    },
    request_only=True,
)
NEW_RESOURCE = OpenApiExample(
    "Chairs for members, three days ahead",
    value={
        "category": "furniture",
        "kind": "pooled",
        "units": 120,
        "texts": [
            {"language": "pl", "title": "Krzesła składane", "summary": "Lekkie, na wózkach."}
        ],
        "terms": [
            {"audience": "own", "may_ask": True, "at_once": True},
            {
                "audience": "cooperative",
                "may_ask": True,
                "notice_minutes": 4320,
                "horizon_days": 365,
            },
        ],
        "handover": "simple",
    },
    request_only=True,
)
