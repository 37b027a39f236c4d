"""A refused upload is read to its end, over a real socket."""

from __future__ import annotations

import json
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

from pytest_django.live_server_helper import LiveServer


def test_who_sends_ten_megabytes_hears_why_they_are_refused(live_server: LiveServer) -> None:
    address = urlsplit(live_server.url)
    body = json.dumps({"title": "x" * 10_000_000, "lines": []})
    headers = {"Content-Type": "application/json", "Authorization": "Bearer nobodys"}
    with closing(HTTPConnection(str(address.hostname), address.port, timeout=30)) as connection:
        connection.request("POST", "/api/v1/bookings/", body, headers)
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())["code"]) == (401, "token_unknown")
