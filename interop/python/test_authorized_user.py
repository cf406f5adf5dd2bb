"""Programs that share a file of the type `authorized_user`, as google-auth reads it and never writes it: the app that the file
is of has its refresh tokens not rotate. The library knows Google's address alone for such a file, so the proxy of
`--google` brings it here."""

import json
import os
import subprocess
import sys

import pytest
import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session

from admin import Admin
from person import Person

BACK = "http://127.0.0.1:53682/callback"

PROGRAM = """
import sys
import google.auth
from google.auth.transport.requests import Request
credentials, _ = google.auth.load_credentials_from_file(sys.argv[1])
for _ in range(2):
    credentials.refresh(Request())
print(credentials.token)
"""


def app(ready, rotation: bool, authentication: str = "client_secret_post") -> requests.Response:
    ask = {
        "title": "Reports", "kind": "native", "authentication": authentication, "redirect_uris": [BACK],
        "scopes": ["openid", "offline_access", ready.read], "refresh_token_rotation": rotation,
    }
    url = f"{ready.issuer}/admin/v1/projects/{ready.project}/clients"
    return requests.post(url, json=ask, headers={"Authorization": f"Bearer {ready.admin_token}"}, timeout=30)


@pytest.fixture
def file(ready, tmp_path):
    made = app(ready, rotation=False)
    assert made.ok, made.text
    client = made.json()
    assert client["refresh_token_rotation"] is False
    admin = Admin(ready)
    secret = admin.post(f"{admin.root}/clients/{client['id']}/secrets")["client_secret"]
    scope, verifier = f"openid offline_access {ready.read}", generate_token(48)
    session = OAuth2Session(
        client["id"], secret, "client_secret_post", scope=scope, redirect_uri=BACK, code_challenge_method="S256"
    )
    address, state = session.create_authorization_url(f"{ready.issuer}/authorize", code_verifier=verifier)
    back = Person(ready.issuer).walk(address)
    token = session.fetch_token(f"{ready.issuer}/token", authorization_response=back, state=state, code_verifier=verifier)
    path = tmp_path / "user.json"
    path.write_text(json.dumps({
        "type": "authorized_user", "client_id": client["id"], "client_secret": secret,
        "refresh_token": token["refresh_token"],
    }))
    return path


def test_google_wire_4_7_programs_share_an_authorized_user_file(ready, file):
    before = file.read_text()
    env = os.environ | {"HTTPS_PROXY": ready.google["proxy"], "REQUESTS_CA_BUNDLE": ready.google["ca_file"]}
    program = [sys.executable, "-c", PROGRAM, str(file)]
    start = lambda: subprocess.Popen(program, env=env, stdout=subprocess.PIPE, text=True)
    # Two at once, and one after them.
    tokens = []
    for programs in ([start(), start()], [start()]):
        for program in programs:
            tokens.append(program.communicate(timeout=60)[0].strip())
            assert program.returncode == 0
    assert len(set(tokens)) == 3
    for token in tokens:
        told = requests.get(f"{ready.issuer}/userinfo", headers={"Authorization": f"Bearer {token}"}, timeout=30)
        assert told.status_code == 200, told.text
    assert file.read_text() == before


def test_rfc9700_4_14_2_a_public_app_keeps_rotation(ready):
    refused = app(ready, rotation=False, authentication="none")
    assert refused.status_code == 400
    assert [wrong["pointer"] for wrong in refused.json()["errors"]] == ["/refresh_token_rotation"], refused.text
    assert app(ready, rotation=True, authentication="none").ok
