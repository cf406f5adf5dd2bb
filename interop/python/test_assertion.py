"""Clients that sign a JWT about themselves, with Authlib: private_key_jwt and client_secret_jwt."""

import pytest
import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import ClientSecretJWT, PrivateKeyJWT
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc.jwk import RSAKey


@pytest.fixture(scope="module")
def endpoint(ready) -> str:
    told = requests.get(f"{ready.issuer}/.well-known/oauth-authorization-server", timeout=30).json()
    return told["token_endpoint"]


def jwk(key, alg: str) -> dict:
    return RSAKey.import_key(pem(key)).as_dict(private=False) | {"alg": alg}


def pem(key) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


@pytest.mark.parametrize("alg", ["RS256", "PS256"])
def test_P22_authlib_private_key_jwt(ready, endpoint, make, alg):
    """Authlib reads every key of a client as an RSA key."""
    key, stranger = (rsa.generate_private_key(65537, 2048) for _ in range(2))
    client = make.daemon(authentication="private_key_jwt", jwks={"keys": [jwk(key, alg)]})
    session = OAuth2Session(client, pem(key), PrivateKeyJWT(endpoint, alg=alg), scope=ready.read)
    session.fetch_token(endpoint, grant_type="client_credentials")
    assert session.get(ready.invoices).status_code == 200

    session = OAuth2Session(client, pem(stranger), PrivateKeyJWT(endpoint, alg=alg), scope=ready.read)
    with pytest.raises(OAuthError) as refused:
        session.fetch_token(endpoint, grant_type="client_credentials")
    assert refused.value.error == "invalid_client"


@pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512"])
def test_P23_authlib_client_secret_jwt(ready, endpoint, make, alg):
    client = make.daemon(authentication="client_secret_jwt")
    secret = make(f"clients/{client}/secrets", {})["client_secret"]
    session = OAuth2Session(client, secret, ClientSecretJWT(endpoint, alg=alg), scope=ready.read)
    session.fetch_token(endpoint, grant_type="client_credentials")
    assert session.get(ready.invoices).status_code == 200

    session = OAuth2Session(client, secret[:-1] + ".", ClientSecretJWT(endpoint, alg=alg), scope=ready.read)
    with pytest.raises(OAuthError) as refused:
        session.fetch_token(endpoint, grant_type="client_credentials")
    assert refused.value.error == "invalid_client"
