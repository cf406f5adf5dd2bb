"""Workloads without a token of their own (google-wire 6.3, 12): Amazon's signed request (P19), a program (P20), and a
certificate (P21). google-auth as it comes; the key of Amazon is one that `carnet dev` was given (aws-keys.json)."""

import base64
import datetime as dt
import json
import os
import secrets
import subprocess
import time

import jwt
import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from google.auth import aws, exceptions, identity_pool, pluggable
from google.auth.transport.requests import AuthorizedSession, Request

ARN = "arn:aws:sts::123456789012:assumed-role/builder/i-77"
TYPES = "urn:ietf:params:oauth:token-type:"
AWS = "urn:ietf:params:aws:token-type:aws4_request"


@pytest.fixture(scope="module")
def provider(ready, make):
    """Makes a provider in a pool of its own; gives its audience."""

    def made(body: dict) -> str:
        of = f"projects/{ready.project}/workload-pools"
        pool = make(of, {"id": f"ci-{secrets.token_hex(4)}"})["id"]
        return make(f"{of}/{pool}/providers", {"id": "main"} | body)["audience"]

    return made


@pytest.fixture
def written(ready, tmp_path):
    """Writes a credential file, as `carnet federation cred-config` does."""

    def write(audience: str, kind: str, source: dict, **more) -> str:
        path = tmp_path / "credentials.json"
        path.write_text(json.dumps({
            "type": "external_account", "universe_domain": "googleapis.com", "audience": audience,
            "subject_token_type": kind, "token_url": f"{ready.issuer}/v1/token", "credential_source": source,
        } | more))
        return str(path)

    return write


AMAZON = {
    "environment_id": "aws1",
    "regional_cred_verification_url":
        "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15",
}


@pytest.fixture
def amazon(monkeypatch):
    for name, value in {
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        "AWS_SESSION_TOKEN": "the-token-of-a-session+/=",
        "AWS_REGION": "eu-west-1",
    }.items():
        monkeypatch.setenv(name, value)


def said(credentials) -> dict:
    return jwt.decode(credentials.token, options={"verify_signature": False})


def test_P19_a_request_that_was_signed_for_amazon(ready, provider, written, amazon):
    audience = provider({"aws": {"account_id": "123456789012"}})
    credentials = aws.Credentials.from_file(written(audience, AWS, AMAZON), scopes=[ready.read])
    credentials.refresh(Request())
    claims = said(credentials)
    assert claims["sub"].endswith(f"/subject/{ARN}")
    role = "arn:aws:sts::123456789012:assumed-role/builder"
    assert claims["federated"] == {"attributes": {"aws_role": role}}
    assert AuthorizedSession(credentials).get(ready.invoices, timeout=30).status_code == 200


def test_P19_what_amazon_did_not_sign_is_refused(ready, provider, written, amazon, monkeypatch):
    own = provider({"aws": {"account_id": "123456789012"}})
    other = provider({"aws": {"account_id": "999999999999"}})
    for audience, secret, code in [(own, "another", "2516"), (other, None, "2511")]:
        if secret:
            monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)
        else:
            monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
        credentials = aws.Credentials.from_file(written(audience, AWS, AMAZON), scopes=[ready.read])
        with pytest.raises(exceptions.OAuthError, match=f"invalid_grant.*CRN-{code}"):
            credentials.refresh(Request())


def test_P20_a_program_that_gives_the_token(ready, provider, written, tmp_path, monkeypatch):
    key = ec.generate_private_key(ec.SECP256R1())
    keys = {"keys": [json.loads(jwt.algorithms.ECAlgorithm.to_jwk(key.public_key())) | {"kid": "1", "alg": "ES256"}]}
    issuer = "https://issuer.example"
    audience = provider({
        "oidc": {"issuer": issuer, "jwks": keys}, "attribute_mapping": {"google.subject": "assertion.sub"},
    })
    now = int(time.time())
    token = jwt.encode({"iss": issuer, "sub": "job-7", "aud": audience, "iat": now, "exp": now + 600}, key,
                       algorithm="ES256", headers={"kid": "1"})
    answer = {"version": 1, "success": True, "token_type": TYPES + "id_token", "id_token": token,
              "expiration_time": now + 600}
    program = tmp_path / "program.sh"
    program.write_text(f"test \"$GOOGLE_EXTERNAL_ACCOUNT_AUDIENCE\" = '{audience}' || exit 3\n"
                       f"echo '{json.dumps(answer)}'\n")
    monkeypatch.setenv("GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES", "1")
    source = {"executable": {"command": f"/bin/sh {program}", "timeout_millis": 30000}}
    credentials = pluggable.Credentials.from_file(written(audience, TYPES + "id_token", source), scopes=[ready.read])
    credentials.refresh(Request())
    assert said(credentials)["sub"].endswith("/subject/job-7")


def certificate(name: str, issuer=None):
    """A certificate and its key; certified by `issuer`, or by itself as an authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    by, signer = (issuer[0].subject, issuer[1]) if issuer else (subject, key)
    now = dt.datetime.now(dt.timezone.utc)
    made = (x509.CertificateBuilder().subject_name(subject).issuer_name(by).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - dt.timedelta(minutes=5))
            .not_valid_after(now + dt.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
            .sign(signer, hashes.SHA256()))
    return made, key


def pem(made) -> str:
    return made.public_bytes(serialization.Encoding.PEM).decode()


@pytest.fixture
def workload(tmp_path, monkeypatch):
    """An authority, and a certificate of it that the configuration of google-auth names."""
    authority = certificate("an authority")
    held, key = certificate("build-7", authority)
    (tmp_path / "own.pem").write_text(pem(held))
    (tmp_path / "own.key").write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    config = tmp_path / "certificate_config.json"
    config.write_text(json.dumps({"cert_configs": {"workload": {
        "cert_path": str(tmp_path / "own.pem"), "key_path": str(tmp_path / "own.key")}}}))
    monkeypatch.setenv("GOOGLE_API_CERTIFICATE_CONFIG", str(config))
    return authority[0], held


@pytest.fixture
def captive(monkeypatch, ready):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", ready.google["ca_file"])
    monkeypatch.setenv("HTTPS_PROXY", ready.google["proxy"])
    monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1")


MTLS_URL = "https://sts.mtls.googleapis.com/v1/token"
BY_CERTIFICATE = {"certificate": {"use_default_certificate_config": True}}


def trusting(authority) -> dict:
    return {"x509": {"trust_anchors": [pem(authority)]},
            "attribute_mapping": {"google.subject": "assertion.subject.dn.cn"}}


def test_P21_a_certificate(ready, provider, written, captive, workload):
    audience = provider(trusting(workload[0]))
    path = written(audience, TYPES + "mtls", BY_CERTIFICATE, token_url=MTLS_URL)
    credentials = identity_pool.Credentials.from_file(path, scopes=[ready.read])
    credentials.refresh(Request())
    assert said(credentials)["sub"].endswith("/subject/build-7")


def test_P21_a_chain_that_leads_elsewhere_or_has_no_key_is_refused(ready, provider, written, captive, workload):
    stranger, _ = certificate("another authority")
    audience = provider(trusting(stranger))
    path = written(audience, TYPES + "mtls", BY_CERTIFICATE, token_url=MTLS_URL)
    credentials = identity_pool.Credentials.from_file(path, scopes=[ready.read])
    with pytest.raises(exceptions.OAuthError, match="invalid_grant.*CRN-2516"):
        credentials.refresh(Request())
    # The chain alone, over a connection that shows nothing.
    own = provider(trusting(workload[0]))
    der = workload[1].public_bytes(serialization.Encoding.DER)
    answer = requests.post(MTLS_URL, timeout=30, data={
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange", "audience": own, "scope": ready.read,
        "subject_token_type": TYPES + "mtls", "subject_token": json.dumps([base64.b64encode(der).decode()]),
    })
    assert answer.status_code == 400 and "CRN-2517" in answer.json()["error_description"], answer.text


def ours(path: str, scope: str) -> dict:
    """What the token says that Carnet's own client gets with this file."""
    line = [os.environ["CARNET_BIN"], "auth", "application-default", "print-access-token", "--key", path, "--scopes", scope]
    ended = subprocess.run(line, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0, ended.stderr
    return jwt.decode(ended.stdout.strip(), options={"verify_signature": False})


def test_X_our_own_client_signs_the_name_of_the_provider_for_amazon(ready, provider, written, amazon):
    audience = provider({"aws": {"account_id": "123456789012"}, "attribute_condition": "assertion.target_signed"})
    path = written(audience, AWS, AMAZON)
    assert ours(path, ready.read)["sub"].endswith(f"/subject/{ARN}")
    # google-auth does not sign it.
    with pytest.raises(exceptions.OAuthError, match="unauthorized_client.*CRN-2520"):
        aws.Credentials.from_file(path, scopes=[ready.read]).refresh(Request())


def test_X_our_own_client_shows_its_certificate(ready, provider, written, captive, workload, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", ready.google["ca_file"])
    path = written(provider(trusting(workload[0])), TYPES + "mtls", BY_CERTIFICATE, token_url=MTLS_URL)
    assert ours(path, ready.read)["sub"].endswith("/subject/build-7")
