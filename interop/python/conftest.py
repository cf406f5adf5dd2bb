import json
from pathlib import Path

import pytest
import requests
from google.oauth2 import service_account

from admin import Admin
from ready import Ready


@pytest.fixture(scope="session")
def ready() -> Ready:
    return Ready.load()


@pytest.fixture(scope="session")
def admin(ready) -> Admin:
    return Admin(ready)


@pytest.fixture(scope="session")
def key_file(ready) -> str:
    """The path of the key file that `carnet dev` wrote for ci@."""
    return ready.ci["key_file"]


@pytest.fixture(scope="session")
def key(key_file) -> dict:
    return json.loads(Path(key_file).read_text())


@pytest.fixture(scope="session")
def web(ready) -> dict:
    """The client with a secret and people in front of it."""
    return ready.client("demo-web")


@pytest.fixture(scope="session")
def make(ready):
    """Makes something over the admin API; `make.daemon` a client for itself."""
    http = requests.Session()
    http.headers["Authorization"] = f"Bearer {ready.admin_token}"

    def post(path: str, body: dict) -> dict:
        answer = http.post(f"{ready.issuer}/admin/v1/{path}", json=body, timeout=30)
        assert answer.ok, answer.text
        return answer.json()

    def daemon(**settings) -> str:
        body = {"title": "Interop", "kind": "daemon", "scopes": [ready.read], "default_scopes": [ready.read]}
        return post(f"projects/{ready.project}/clients", body | settings)["id"]

    post.daemon = daemon
    return post


@pytest.fixture
def ci(key_file):
    """Google's credentials for ci@, without scopes."""
    return service_account.Credentials.from_service_account_file(key_file)


@pytest.fixture(autouse=True)
def _quiet(monkeypatch, tmp_path):
    """No credentials of the machine: neither gcloud's nor a metadata server's."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    # oauthlib wants https, also on this machine.
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    for name in ("GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CLOUD_PROJECT", "HTTPS_PROXY", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
