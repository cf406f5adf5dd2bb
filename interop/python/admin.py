"""The few calls of the admin API that the tests need to bring an account into a state."""

import base64
import json
import secrets

import requests

from ready import Ready


class Admin:
    def __init__(self, ready: Ready):
        self._ready = ready
        self._root = f"{ready.issuer}/admin/v1/projects/{ready.project}/service-accounts"
        self._http = requests.Session()
        self._http.headers["Authorization"] = f"Bearer {ready.admin_token}"

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

    def _post(self, path: str, body: dict | None = None) -> dict:
        answer = self._http.post(self._root + path, json={} if body is None else body)
        assert answer.ok, f"POST {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else {}
