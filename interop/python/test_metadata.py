"""The metadata server as google-auth finds it (google-wire 12: P14, P15).

google-auth reads GCE_METADATA_HOST when it is imported, so each case is a program of its own.
"""

import json
import os
import subprocess
import sys

import pytest
import requests

from wire import claims

TOKEN = """
import google.auth, google.auth.transport.requests, json, sys
credentials, project = google.auth.default(scopes=sys.argv[1:] or None)
credentials.refresh(google.auth.transport.requests.Request())
first = credentials.token
credentials.refresh(google.auth.transport.requests.Request())
print(json.dumps({
    "kind": type(credentials).__module__,
    "project": project,
    "token": first,
    "again": credentials.token,
    "email": credentials.service_account_email,
    "universe": credentials.universe_domain,
}))
"""

IDENTITY = """
import google.auth.transport.requests, json, sys
from google.auth import compute_engine
from google.oauth2 import id_token
request = google.auth.transport.requests.Request()
from_machine = compute_engine.IDTokenCredentials(
    request, target_audience=sys.argv[1], use_metadata_identity_endpoint=True)
from_machine.refresh(request)
fetched = id_token.fetch_id_token(request, sys.argv[1])
verified = id_token.verify_token(fetched, request, audience=sys.argv[1], certs_url=sys.argv[2])
print(json.dumps({"from_machine": from_machine.token, "fetched": fetched, "verified": verified}))
"""


@pytest.fixture(scope="module")
def standalone(key_file, ready):
    """`carnet metadata` with the key file of ci@."""
    words = [os.environ["CARNET_BIN"], "metadata", "--key-file", key_file, "--listen", "127.0.0.1:0"]
    scopes = ["--scope", f"{ready.read},{ready.write}"]
    with subprocess.Popen(words + scopes, stdout=subprocess.PIPE, text=True) as server:
        yield server.stdout.readline().strip().removeprefix("export GCE_METADATA_HOST=")
        server.terminate()
    assert server.returncode == 0


@pytest.fixture(params=["sandbox", "standalone"])
def host(request, ready):
    return ready.metadata if request.param == "sandbox" else request.getfixturevalue("standalone")


def program(text: str, host: str, home, *words: str) -> dict:
    """What a program prints that knows nothing but where the metadata server is."""
    environment = {"GCE_METADATA_HOST": host, "GCE_METADATA_IP": host, "HOME": str(home), "PATH": os.environ["PATH"]}
    command = [sys.executable, "-W", "ignore", "-c", text, *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_P14_default_credentials_of_the_machine(ready, host, tmp_path):
    found = program(TOKEN, host, tmp_path)

    assert found["kind"] == "google.auth.compute_engine.credentials"
    assert found["project"] == ready.project
    assert found["email"] == ready.ci["email"]
    assert found["universe"] == "googleapis.com"
    assert found["again"] == found["token"]
    assert claims(found["token"])["scope"] == f"{ready.read} {ready.write}"
    answer = requests.get(ready.invoices, headers={"Authorization": f"Bearer {found['token']}"}, timeout=30)
    assert answer.status_code == 200


def test_P14_default_credentials_with_scopes(ready, host, tmp_path):
    found = program(TOKEN, host, tmp_path, ready.read)

    assert claims(found["token"])["scope"] == ready.read
    answer = requests.post(
        ready.invoices,
        json={"customer": "Interop Ltd", "amount": 4200, "currency": "EUR"},
        headers={"Authorization": f"Bearer {found['token']}"},
        timeout=30,
    )
    assert answer.status_code == 403


def test_P15_id_tokens_of_the_machine(ready, host, tmp_path):
    audience = "https://invoices.example.com"

    found = program(IDENTITY, host, tmp_path, audience, ready.issuer + "/oauth2/v1/certs")

    for token in (found["from_machine"], found["fetched"]):
        said = claims(token)
        assert said["aud"] == audience
        assert said["email"] == ready.ci["email"]
    assert found["verified"]["iss"] == ready.issuer
    # Only the sandbox is the machine and the issuer in one, and can vouch for where the program runs.
    told = claims(found["fetched"]).get("google")
    assert (told is not None) == (host == ready.metadata)


def test_P14_a_request_without_the_header_gets_nothing(host):
    path = f"http://{host}/computeMetadata/v1/instance/service-accounts/default/token"
    answer = requests.get(path, timeout=30)
    assert answer.status_code == 403
    assert "Metadata-Flavor" in answer.text
