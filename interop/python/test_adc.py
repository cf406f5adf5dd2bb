"""What google-auth sends for a credential file, and what `carnet auth application-default` sends for the same file, is the
same: each kind of file is given to both, and what reaches a server that writes everything down is compared.

Known differences, each allowed by google-wire, are evened out in `even`:
- google-auth encodes `options` twice (6.1), leaves `delegates` null where there are none (5.1), and asks for the scope
  `iam` where we ask for `cloud-platform` before an impersonation (6.1);
- it begins a session with Amazon's metadata twice, we once; and it does not sign the name of the provider, we do (6.3).
"""

import datetime as dt
import json
import os
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from google.auth import (
    aws,
    compute_engine,
    external_account_authorized_user,
    identity_pool,
    impersonated_credentials,
    pluggable,
)
from google.auth.transport.requests import Request
from google.oauth2 import credentials as authorized_user
from google.oauth2 import service_account

PROVIDER = "//iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/p/providers/q"
WORKFORCE = "//iam.googleapis.com/locations/global/workforcePools/p/providers/q"
TYPES = "urn:ietf:params:oauth:token-type:"
ACCOUNT = "robot@p.iam.gserviceaccount.com"
CLOUD = "https://www.googleapis.com/auth/cloud-platform"
KEYS = {"AccessKeyId": "ASIA", "SecretAccessKey": "s", "Token": "t"}

ANSWERS = {
    "/subject": "a.b.c",
    "/latest/api/token": "session",
    "/latest/az": "us-east-2b",
    "/latest/roles": "role",
    "/latest/roles/role": json.dumps(KEYS),
}


class Notes(ThreadingHTTPServer):
    """Answers like Google, Amazon and a metadata server at once, and remembers what it was asked."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.asked = []
        self.url = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def taken(self):
        asked, self.asked = self.asked, []
        return asked


class Answer(BaseHTTPRequestHandler):
    def do(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        url = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append((self.command, url.path, url.query, headers, body))
        if url.path in ANSWERS:
            text = ANSWERS[url.path]
        elif url.path.endswith("/default/") and "recursive" in url.query:
            text = json.dumps({"email": ACCOUNT, "scopes": ["a"], "aliases": ["default"]})
        elif url.path.endswith(":generateAccessToken"):
            text = json.dumps({"accessToken": "target", "expireTime": "2099-01-01T00:00:00Z"})
        else:
            text = json.dumps({"access_token": "t", "token_type": "Bearer", "expires_in": 3599,
                               "issued_token_type": TYPES + "access_token"})
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("metadata-flavor", "Google")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    do_GET = do_POST = do_PUT = do

    def log_message(self, *_):
        pass


class Here(requests.adapters.HTTPAdapter):
    """Leads the constant addresses of google-auth to the server."""

    def __init__(self, url):
        super().__init__()
        self.url = url

    def send(self, request, **more):
        parts = urlsplit(request.url)
        request.url = f"{self.url}{parts.path}" + (f"?{parts.query}" if parts.query else "")
        return super().send(request, **more)


@pytest.fixture(scope="module")
def notes():
    server = Notes()
    yield server
    server.shutdown()


@pytest.fixture
def both(notes, tmp_path, monkeypatch):
    """Gives a file to both, and what each sent."""

    def run(file, scopes=(), env=None):
        path = tmp_path / "credentials.json"
        path.write_text(json.dumps(file))
        for name, value in (env or {}).items():
            monkeypatch.setenv(name, value)
        session = requests.Session()
        for prefix in ("https://", "http://metadata.google.internal"):
            session.mount(prefix, Here(notes.url))
        found = theirs_of(file, list(scopes) or None)
        found.refresh(Request(session=session))
        theirs = notes.taken()

        words = [os.environ["CARNET_BIN"], "auth", "application-default", "print-access-token"]
        words += ["--scopes", ",".join(scopes)] if scopes else []
        mine = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), **(env or {})}
        if file:
            mine["GOOGLE_APPLICATION_CREDENTIALS"] = str(path)
        else:
            mine["GCE_METADATA_HOST"] = notes.url.removeprefix("http://")
        done = subprocess.run(words, env=mine, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        assert done.stdout == found.token + "\n"
        return even(theirs), even(notes.taken())

    return run


def theirs_of(file, scopes):
    """google-auth's credentials for a file, as its `default` would make them."""
    source = file.get("credential_source", {})
    kind = file.get("type")
    if kind == "authorized_user":
        made = authorized_user.Credentials.from_authorized_user_info(file, scopes)
        return made.with_token_uri(file["token_uri"])
    if kind == "external_account_authorized_user":
        return external_account_authorized_user.Credentials.from_info(file)
    if kind == "impersonated_service_account":
        return impersonated_credentials.Credentials.from_impersonated_service_account_info(file, scopes)
    if kind is None:
        return compute_engine.Credentials(scopes=scopes)
    if "environment_id" in source:
        return aws.Credentials.from_info(file, scopes=scopes)
    if "executable" in source:
        return pluggable.Credentials.from_info(file, scopes=scopes)
    return identity_pool.Credentials.from_info(file, scopes=scopes)


def even(asked):
    """What was asked, without what may differ."""
    evened = []
    for method, path, query, headers, body in asked:
        told = {name: headers[name] for name in ("authorization", "metadata", "metadata-flavor", "content-type",
                "x-aws-ec2-metadata-token", "x-aws-ec2-metadata-token-ttl-seconds") if name in headers}
        if told.get("content-type") == "application/json":
            body = json.loads(body)
            body["delegates"] = body.get("delegates") or []
        elif body:
            body = dict(parse_qsl(body))
            if body.get("scope") == "https://www.googleapis.com/auth/iam":
                body["scope"] = CLOUD
            if "options" in body:
                options = body["options"]
                body["options"] = json.loads(unquote(options) if options.startswith("%7B") else options)
            if body.get("subject_token_type") == TYPES + "mtls":
                body["subject_token"] = json.loads(body["subject_token"])
            if "aws4_request" in body.get("subject_token_type", ""):
                body["subject_token"] = amazon(body["subject_token"])
        one = (method, path, sorted(parse_qsl(query)), told, body)
        if one not in evened:
            evened.append(one)
    return evened


def amazon(token):
    signed = json.loads(unquote(token))
    headers = {header["key"].lower(): header["value"] for header in signed["headers"]}
    # The moment and what follows from it.
    headers["x-amz-date"] = headers["x-amz-date"][:8]
    headers["authorization"] = headers["authorization"].split(", SignedHeaders")[0]
    return signed["url"], signed["method"], headers


def external(notes, source, **more):
    return {
        "type": "external_account",
        "audience": PROVIDER,
        "subject_token_type": TYPES + "jwt",
        "token_url": notes.url + "/v1/token",
        "credential_source": source,
    } | more


def user(notes):
    return {"type": "authorized_user", "client_id": "app", "client_secret": "secret/+ ", "refresh_token": "1//r",
            "token_uri": notes.url + "/token"}


def test_P30_a_person(notes, both):
    theirs, ours = both(user(notes))
    assert ours == theirs and len(ours) == 1
    theirs, ours = both(user(notes), scopes=["email", "openid"])
    assert ours == theirs


def test_P31_a_person_of_a_workforce(notes, both):
    theirs, ours = both({
        "type": "external_account_authorized_user", "audience": WORKFORCE, "client_id": "app", "client_secret": "s/+",
        "refresh_token": "r", "token_url": notes.url + "/v1/oauthtoken", "token_info_url": notes.url + "/v1/introspect",
    })
    assert ours == theirs and len(ours) == 1


@pytest.mark.parametrize("text", ["a.b.c", "a.b.c\n"])
def test_P32_a_token_in_a_file(notes, both, tmp_path, text):
    (tmp_path / "token").write_text(text)
    theirs, ours = both(external(notes, {"file": str(tmp_path / "token")}), scopes=[CLOUD])
    assert ours == theirs and len(ours) == 1


def test_P33_a_token_in_json_and_an_account_behind_it(notes, both, tmp_path):
    (tmp_path / "token").write_text(json.dumps({"id_token": "a.b.c"}))
    source = {"file": str(tmp_path / "token"), "format": {"type": "json", "subject_token_field_name": "id_token"}}
    theirs, ours = both(external(
        notes, source,
        service_account_impersonation_url=f"{notes.url}/v1/projects/-/serviceAccounts/{ACCOUNT}:generateAccessToken",
        service_account_impersonation={"token_lifetime_seconds": 1200},
    ), scopes=["a", "b"])
    assert ours == theirs and len(ours) == 2


def test_P34_a_token_at_an_address(notes, both):
    source = {"url": notes.url + "/subject?x=y", "headers": {"Metadata": "True"}}
    theirs, ours = both(external(notes, source), scopes=[CLOUD])
    assert ours == theirs and len(ours) == 2


def test_P35_a_program(notes, both, tmp_path):
    program = tmp_path / "program.sh"
    program.write_text(
        'test "$GOOGLE_EXTERNAL_ACCOUNT_INTERACTIVE" = 0 || exit 3\n'
        'echo "{\\"version\\":1,\\"success\\":true,\\"token_type\\":\\"$GOOGLE_EXTERNAL_ACCOUNT_TOKEN_TYPE\\",'
        '\\"id_token\\":\\"$GOOGLE_EXTERNAL_ACCOUNT_AUDIENCE $1\\",\\"expiration_time\\":4000000000}"'
    )
    impersonation = f"{notes.url}/v1/projects/-/serviceAccounts/{ACCOUNT}:generateAccessToken"
    file = external(
        notes, {"executable": {"command": f"/bin/sh {program} 'b c'", "timeout_millis": 30000}},
        service_account_impersonation_url=impersonation,
    )
    theirs, ours = both(file, scopes=[CLOUD], env={"GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES": "1"})
    assert ours == theirs and ours[0][4]["subject_token"] == f"{PROVIDER} b c"


def test_P36_a_certificate(notes, both, tmp_path):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "workload")])
    now = dt.datetime.now(dt.timezone.utc)
    certificate = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
                   .serial_number(1).not_valid_before(now).not_valid_after(now + dt.timedelta(days=1))
                   .sign(key, hashes.SHA256()))
    encoding = serialization.Encoding.PEM
    (tmp_path / "c.pem").write_bytes(certificate.public_bytes(encoding))
    (tmp_path / "k.pem").write_bytes(
        key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    (tmp_path / "config.json").write_text(json.dumps({"cert_configs": {"workload": {
        "cert_path": str(tmp_path / "c.pem"), "key_path": str(tmp_path / "k.pem")}}}))
    source = {"certificate": {"certificate_config_location": str(tmp_path / "config.json"),
                              "trust_chain_path": str(tmp_path / "c.pem")}}
    theirs, ours = both(external(notes, source, subject_token_type=TYPES + "mtls"), scopes=[CLOUD])
    assert ours == theirs and len(ours[0][4]["subject_token"]) == 1


def amazons(notes):
    source = {
        "environment_id": "aws1", "region_url": notes.url + "/latest/az", "url": notes.url + "/latest/roles",
        "regional_cred_verification_url":
            "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15",
        "imdsv2_session_token_url": notes.url + "/latest/api/token",
    }
    return external(notes, source, subject_token_type="urn:ietf:params:aws:token-type:aws4_request")


def test_P37_amazon_by_the_environment(notes, both):
    env = {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "s", "AWS_REGION": "eu-west-1"}
    theirs, ours = both(amazons(notes), scopes=[CLOUD], env=env)
    assert ours == theirs and len(ours) == 1


def test_P38_amazon_by_the_machine(notes, both):
    theirs, ours = both(amazons(notes), scopes=[CLOUD])
    assert ours == theirs and len(ours) == 5


@pytest.mark.parametrize("more", [{}, {"client_id": "app", "client_secret": "s/+"}])
def test_P39_a_workforce(notes, both, tmp_path, more):
    (tmp_path / "token").write_text("a.b.c")
    file = external(notes, {"file": str(tmp_path / "token")}, audience=WORKFORCE,
                    workforce_pool_user_project="payer", **more)
    theirs, ours = both(file, scopes=[CLOUD])
    assert ours == theirs and ("options" in ours[0][4]) == (not more)


def test_P40_an_account_that_a_person_stands_in_for(notes, both):
    theirs, ours = both({
        "type": "impersonated_service_account",
        "service_account_impersonation_url":
            f"{notes.url}/v1/projects/-/serviceAccounts/{ACCOUNT}:generateAccessToken",
        "delegates": ["projects/-/serviceAccounts/between@p.iam.gserviceaccount.com"],
        "source_credentials": user(notes),
    }, scopes=["a"])
    assert ours == theirs and len(ours) == 2


def test_P41_a_machine(notes, both):
    theirs, ours = both({}, scopes=["a", "b"])
    # google-auth looks first whose token it is.
    assert ours == theirs[-1:]


def test_P42_what_google_auth_and_we_find_here_opens_the_same(ready, key_file, tmp_path):
    """The key file that the environment names, for real: both tokens open the sandbox's API."""
    words = [os.environ["CARNET_BIN"], "auth", "application-default", "print-access-token", "--scopes", ready.read]
    mine = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "GOOGLE_APPLICATION_CREDENTIALS": key_file}
    token = subprocess.run(words, env=mine, capture_output=True, text=True, timeout=60, check=True).stdout.strip()
    found = service_account.Credentials.from_service_account_file(key_file, scopes=[ready.read])
    found.refresh(Request())
    for bearer in (token, found.token):
        answer = requests.get(ready.invoices, headers={"Authorization": f"Bearer {bearer}"}, timeout=30)
        assert answer.status_code == 200, answer.text
