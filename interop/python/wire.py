"""Eyes on the wire: Google's own transport, which also remembers what passed through it."""

import json
from urllib.parse import parse_qs

import jwt
from google.auth.transport.requests import Request


class Watched(Request):
    """google-auth's transport for `requests`, unchanged but for its memory."""

    def __init__(self):
        super().__init__()
        self.calls: list[tuple[str, str]] = []
        self.statuses: list[int] = []
        self.assertions: list[str] = []
        self.answers: list[dict] = []

    def __call__(self, url, method="GET", body=None, headers=None, timeout=None, **more):
        self.calls.append((method, url))
        if method == "POST":
            self.assertions += parse_qs(body.decode()).get("assertion", [])
        answer = super().__call__(url, method=method, body=body, headers=headers, timeout=30, **more)
        self.statuses.append(answer.status)
        if method == "POST":
            self.answers.append(json.loads(answer.data))
        return answer


def claims(token: str) -> dict:
    """What a JWT says, unverified."""
    return jwt.decode(token, options={"verify_signature": False})


def header(token: str) -> dict:
    return jwt.get_unverified_header(token)
