"""The few calls of the admin API that the tests need to bring an account into a state."""

import base64
import json
import secrets
from datetime import datetime, timedelta, timezone

import requests

from ready import Ready


class Admin:
    def __init__(self, ready: Ready):
        self._ready = ready
        self._root = f"{ready.issuer}/admin/v1/projects/{ready.project}/service-accounts"
        self._http = requests.Session()
        self._http.headers["Authorization"] = f"Bearer {ready.admin_token}"

    @property
    def root(self) -> str:
        return f"{self._ready.issuer}/admin/v1"

    def account(self, name: str) -> dict:
        """Makes an account whose name begins so, with one key. Returns the key file."""
        account_id = f"{name}-{secrets.token_hex(4)}"
        made = self._post("", {"account_id": account_id, "display_name": name})
        return self.key(made["email"])

    def key(self, email: str) -> dict:
        """Makes one more key. Returns the key file."""
        made = self._post(f"/{email}/keys", {"format": "google"})
        return json.loads(base64.b64decode(made["private_key_data"]))

    def disable_account(self, email: str) -> None:
        self._post(f"/{email}:disable")

    def enable_account(self, email: str) -> None:
        self._post(f"/{email}:enable")

    def disable_key(self, key: dict) -> None:
        self._post(f"/{key['client_email']}/keys/{key['private_key_id']}:disable")

    def enable_key(self, key: dict) -> None:
        self._post(f"/{key['client_email']}/keys/{key['private_key_id']}:enable")

    def delete_key(self, key: dict) -> None:
        path = f"/{key['client_email']}/keys/{key['private_key_id']}"
        answer = self._http.delete(self._root + path)
        assert answer.ok, f"DELETE {path}: {answer.status_code} {answer.text}"

    def organization(self) -> "Organization":
        """Makes an organization of its own, with a domain and two users: ann@ and ben@."""
        return Organization(self)

    def revoke(self, token: str) -> None:
        """Revokes a token, as RFC 7009 says it. No administrator is needed: who holds it may."""
        answer = requests.post(f"{self._ready.issuer}/revoke", data={"token": token}, timeout=30)
        assert answer.ok, answer.text

    def _post(self, path: str, body: dict | None = None) -> dict:
        return self.post(self._root + path, body)

    def post(self, url: str, body: dict | None = None) -> dict:
        answer = self._http.post(url, json={} if body is None else body)
        assert answer.ok, f"POST {url}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else {}


class Organization:
    """A domain with people whom accounts of other projects may be allowed to act for."""

    def __init__(self, admin: Admin):
        domain = f"{secrets.token_hex(6)}.example"
        self.ann, self.ben = f"ann@{domain}", f"ben@{domain}"
        self._admin = admin
        made = admin.post(f"{admin.root}/organizations", {"title": domain})
        self._root = f"{admin.root}/organizations/{made['id']}"
        self._post("domains", {"name": domain})
        for email in (self.ann, self.ben):
            self._post("users", {"email": email})

    def delegate(self, client: str, scopes: list[str], whom="everyone", seconds: int | None = None) -> dict:
        """Lets an account act for the people here, for so many seconds or without end."""
        ask = {"client": client, "scopes": scopes, "whom": whom}
        if seconds is not None:
            until = datetime.now(timezone.utc) + timedelta(seconds=seconds)
            ask["until"] = until.strftime("%Y-%m-%dT%H:%M:%SZ")
        return self._post("delegations", ask)

    def suspend(self, delegation: dict) -> None:
        self._post(f"delegations/{delegation['id']}:suspend")

    def block(self, scope: str) -> None:
        self._post("policies", {"title": "High risk", "kind": "block_scopes", "scopes": [scope]})

    def close(self) -> None:
        """Only clients of this organization may act for its people."""
        self._post("policies", {"title": "Closed", "kind": "own_clients_only"})

    def _post(self, path: str, body: dict | None = None) -> dict:
        return self._admin.post(f"{self._root}/{path}", body)
