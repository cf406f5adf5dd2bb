"""A person with a browser that runs no script: it keeps cookies, follows redirects, and fills the forms it is shown,
with every box ticked."""

from html.parser import HTMLParser
from urllib.parse import urljoin

import requests

ALICE = {"email": "alice@example.com", "password": "alice"}


class Person:
    """It stops where it is sent away from the server: that is where the app takes over."""

    def __init__(self, issuer: str):
        self._issuer = issuer
        self._http = requests.Session()
        self.filled: list[str] = []

    def walk(self, address: str, decision: str = "allow") -> str:
        """Opens an address and does what it takes to come back to the app. Returns where the browser is sent."""
        answer = self._send("GET", address)
        for _ in range(16):
            if answer.is_redirect:
                # RFC 3986 4.1: a redirect may be relative.
                address = urljoin(answer.url, answer.headers["location"])
                if not address.startswith(self._issuer + "/"):
                    return address
                answer = self._send("GET", address)
                continue
            form = Form.of(answer.text)
            assert form is not None, f"no way on from {answer.url}: {answer.status_code} {answer.text[:400]}"
            sign_in = "password" in form.fields
            self.filled.append("sign-in" if sign_in else "consent")
            fields = form.fields | (ALICE if sign_in else {"decision": decision, "scope": form.boxes})
            answer = self._send("POST", urljoin(answer.url, form.action), fields)
        raise AssertionError(f"still not back, at {answer.url}")

    def device(self, address: str, decision: str = "allow") -> str:
        """Opens the page of a device by the link with its code, and answers. Returns the page at the end."""
        answer = self._send("GET", address)
        for _ in range(16):
            if answer.is_redirect:
                answer = self._send("GET", urljoin(answer.url, answer.headers["location"]))
                continue
            form = Form.of(answer.text)
            if form is None:
                return answer.text
            fields = form.fields | (ALICE if "password" in form.fields else {"decision": decision, "scope": form.boxes})
            answer = self._send("POST", urljoin(answer.url, form.action), fields)
        raise AssertionError(f"still not done, at {answer.url}")

    def _send(self, method: str, address: str, fields: dict | None = None) -> requests.Response:
        headers = {"Origin": self._issuer} if method == "POST" else {}
        return self._http.request(method, address, data=fields, headers=headers, allow_redirects=False, timeout=30)


class Form(HTMLParser):
    """The form that asks for a password, the code of a device or a decision, with what it holds already."""

    def __init__(self):
        super().__init__()
        self.action, self.fields, self.boxes, self.found, self._wanted = "", {}, [], False, False

    @classmethod
    def of(cls, html: str) -> "Form | None":
        form = cls()
        form.feed(html)
        return form if form.found else None

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        if self.found:
            return
        if tag == "form":
            self.action, self.fields, self.boxes, self._wanted = told.get("action", ""), {}, [], False
        if tag == "input" and told.get("type") == "checkbox":
            self.boxes.append(told.get("value"))
        elif tag == "input":
            self.fields[told.get("name")] = told.get("value") or ""
        self._wanted |= told.get("name") in ("password", "decision", "user_code")

    def handle_endtag(self, tag):
        self.found |= tag == "form" and self._wanted
