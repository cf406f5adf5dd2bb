package interop

import (
	"testing"
	"time"

	"golang.org/x/oauth2/google"
	"golang.org/x/oauth2/jwt"
)

// Access tokens and ID tokens from /token (google-wire 12: G1, G2, G3).

func config(t *testing.T, key []byte, scopes ...string) *jwt.Config {
	t.Helper()
	config, err := google.JWTConfigFromJSON(key, scopes...)
	if err != nil {
		t.Fatal(err)
	}
	return config
}

func TestG1_JWTConfigFromJSON(t *testing.T) {
	ctx, watched := watch(t)

	token, err := config(t, ciKey, read).TokenSource(ctx).Token()
	if err != nil {
		t.Fatal(err)
	}

	if !token.Valid() {
		t.Error("the library does not take the token for valid")
	}
	want(t, "the type", token.Type(), "Bearer")
	if life := time.Until(token.Expiry); life < 3580*time.Second || life > 3601*time.Second {
		t.Errorf("the token lives %v", life)
	}
	want(t, "the number of requests", len(watched.URLs), 1)
	want(t, "the URL", watched.URLs[0], ready.Issuer+"/token")
	sent := watched.assertion(t)
	want(t, "aud", sent["aud"], ready.Issuer+"/token")
	want(t, "exp - iat", sent["exp"].(float64)-sent["iat"].(float64), 3600.0)
	told := tokenInfo(t, token.AccessToken)
	want(t, "azp", told["azp"], ci.ClientID)
	want(t, "sub", told["sub"], ci.ClientID)
	want(t, "scope", told["scope"], read)
}

func TestG1_CredentialsFromJSON(t *testing.T) {
	ctx, watched := watch(t)
	credentials, err := google.CredentialsFromJSONWithType(ctx, ciKey, google.ServiceAccount, read, write)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "the project", credentials.ProjectID, ready.Project)
	domain, err := credentials.GetUniverseDomain()
	if err != nil {
		t.Fatal(err)
	}
	want(t, "the universe", domain, "googleapis.com")

	first, err := credentials.TokenSource.Token()
	if err != nil {
		t.Fatal(err)
	}
	second, err := credentials.TokenSource.Token()
	if err != nil {
		t.Fatal(err)
	}

	want(t, "the second token", second.AccessToken, first.AccessToken)
	want(t, "the number of requests", len(watched.URLs), 1)
	want(t, "the scope that was asked for", watched.assertion(t)["scope"], read+" "+write)
}

func TestG1_DefaultCredentials(t *testing.T) {
	t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", ci.KeyFile)
	ctx, watched := watch(t)
	credentials, err := google.FindDefaultCredentials(ctx, read)
	if err != nil {
		t.Fatal(err)
	}

	if _, err := credentials.TokenSource.Token(); err != nil {
		t.Fatal(err)
	}

	want(t, "the project", credentials.ProjectID, ready.Project)
	want(t, "the number of requests", len(watched.URLs), 1)
}

func TestG1_AudienceOfTheSet(t *testing.T) {
	for _, audience := range []string{ready.Issuer, ready.Issuer + "/oauth2/v4/token", google.JWTTokenURL} {
		config := config(t, ciKey, read)
		config.Audience = audience
		if _, err := config.TokenSource(t.Context()).Token(); err != nil {
			t.Errorf("aud %s: %v", audience, err)
		}
	}
}

func TestG1_WithoutKeyID(t *testing.T) {
	for _, id := range []string{"", "0123456789012345678901234567890123456789"} {
		config := config(t, ciKey, read)
		config.PrivateKeyID = id
		if _, err := config.TokenSource(t.Context()).Token(); err != nil {
			t.Errorf("kid %q: %v", id, err)
		}
	}
}

func TestG1_ShortAssertion(t *testing.T) {
	config := config(t, ciKey, read)
	config.Expires = 2 * time.Minute
	token, err := config.TokenSource(t.Context()).Token()
	if err != nil {
		t.Fatal(err)
	}
	if time.Until(token.Expiry) < 3580*time.Second {
		t.Error("the life of the token must not hang on that of the assertion")
	}
}

func TestG2_Subject(t *testing.T) {
	ctx, watched := watch(t)
	config := config(t, ciKey, read)
	config.Subject = "alice@example.com"

	token, err := config.TokenSource(ctx).Token()
	if err != nil {
		t.Fatal(err)
	}

	sent := watched.assertion(t)
	want(t, "sub", sent["sub"], "alice@example.com")
	want(t, "prn", sent["prn"], "alice@example.com")
	told := tokenInfo(t, token.AccessToken)
	want(t, "azp", told["azp"], ci.ClientID)
	want(t, "email", told["email"], "alice@example.com")
	if told["sub"] == ci.ClientID {
		t.Error("sub is the account, not the user")
	}
}

func TestG3_IDToken(t *testing.T) {
	ctx, watched := watch(t)
	config := config(t, ciKey)
	config.UseIDToken = true
	config.PrivateClaims = map[string]any{"target_audience": "https://invoices.example.com"}

	token, err := config.TokenSource(ctx).Token()
	if err != nil {
		t.Fatal(err)
	}

	want(t, "the number of requests", len(watched.URLs), 1)
	told := verify(t, token.AccessToken)
	want(t, "iss", told["iss"], ready.Issuer)
	want(t, "aud", told["aud"], "https://invoices.example.com")
	want(t, "sub", told["sub"], ci.ClientID)
	want(t, "azp", told["azp"], ci.Email)
	want(t, "email", told["email"], ci.Email)
	want(t, "email_verified", told["email_verified"], true)
	want(t, "the expiry", token.Expiry.Unix(), int64(told["exp"].(float64)))
	want(t, "the answer's id_token", token.Extra("id_token"), token.AccessToken)
	want(t, "the answer's access_token", token.Extra("access_token"), nil)
}
