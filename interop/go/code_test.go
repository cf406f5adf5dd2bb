package interop

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"
)

// An app that people let in: golang.org/x/oauth2's Config, with PKCE, and its TokenSource.

// app is what a web app of the documentation's example knows.
func app(scopes ...string) *oauth2.Config {
	return &oauth2.Config{
		ClientID:     web.ID,
		ClientSecret: web.Secret,
		Endpoint:     oauth2.Endpoint{AuthURL: ready.Issuer + "/authorize", TokenURL: ready.Issuer + "/token"},
		RedirectURL:  strings.Replace(web.RedirectURIs[0], "127.0.0.1", "127.0.0.1:53682", 1),
		Scopes:       scopes,
	}
}

// signIn lets the app in as Alice, and returns the code and the verifier that fits it.
func signIn(t *testing.T, app *oauth2.Config) (string, string) {
	t.Helper()
	verifier, state := oauth2.GenerateVerifier(), oauth2.GenerateVerifier()
	back := newPerson(t).walk(t, app.AuthCodeURL(state, oauth2.S256ChallengeOption(verifier)), "allow")
	want(t, "the state", back.Query().Get("state"), state)
	want(t, "iss", back.Query().Get("iss"), ready.Issuer)
	return back.Query().Get("code"), verifier
}

func TestG9_CodeWithPKCE(t *testing.T) {
	ctx, _ := watch(t)
	app := app("openid", "email", read)
	code, verifier := signIn(t, app)

	token, err := app.Exchange(ctx, code, oauth2.VerifierOption(verifier))
	if err != nil {
		t.Fatal(err)
	}

	want(t, "the API's answer", statusOf(t, app.Client(ctx, token), http.MethodGet).StatusCode, http.StatusOK)
	told := verify(t, token.Extra("id_token").(string))
	want(t, "aud", told["aud"], web.ID)
	want(t, "email", told["email"], "alice@example.com")
}

func TestG9_CodeComesOnce(t *testing.T) {
	ctx, _ := watch(t)
	app := app("openid", read)
	code, verifier := signIn(t, app)
	first, err := app.Exchange(ctx, code, oauth2.VerifierOption(verifier))
	if err != nil {
		t.Fatal(err)
	}

	_, err = app.Exchange(ctx, code, oauth2.VerifierOption(verifier))

	grantRefused(t, err)
	ended(t, first)
}

func TestG9_WrongVerifier(t *testing.T) {
	app := app("openid", read)
	// Where the library does not know the style it tries the other one too, and tells of that.
	app.Endpoint.AuthStyle = oauth2.AuthStyleInHeader
	code, _ := signIn(t, app)
	_, err := app.Exchange(t.Context(), code, oauth2.VerifierOption(oauth2.GenerateVerifier()))
	grantRefused(t, err)
}

func TestG9_Denied(t *testing.T) {
	app := app("openid", read)
	verifier := oauth2.GenerateVerifier()
	address := app.AuthCodeURL("state", oauth2.S256ChallengeOption(verifier), oauth2.SetAuthURLParam("prompt", "consent"))
	back := newPerson(t).walk(t, address, "deny")
	want(t, "error", back.Query().Get("error"), "access_denied")
	want(t, "the code", back.Query().Get("code"), "")
}

func TestG10_TokenSourceRefreshes(t *testing.T) {
	ctx, watched := watch(t)
	app := app("openid", "offline_access", read)
	code, verifier := signIn(t, app)
	first, err := app.Exchange(ctx, code, oauth2.VerifierOption(verifier))
	if err != nil {
		t.Fatal(err)
	}
	asked := len(watched.Forms)
	ended := *first
	ended.Expiry = time.Now().Add(-time.Minute)

	source := app.TokenSource(ctx, &ended)
	second, err := source.Token()
	if err != nil {
		t.Fatal(err)
	}
	again, err := source.Token()
	if err != nil {
		t.Fatal(err)
	}

	want(t, "the number of refreshes", len(watched.Forms)-asked, 1)
	want(t, "the token that is kept", again.AccessToken, second.AccessToken)
	if second.RefreshToken == first.RefreshToken || second.RefreshToken == "" {
		t.Error("the refresh token did not change")
	}
	client := oauth2.NewClient(ctx, source)
	want(t, "the API's answer", statusOf(t, client, http.MethodGet).StatusCode, http.StatusOK)
}

func TestG10_OldRefreshTokenEndsAll(t *testing.T) {
	ctx, _ := watch(t)
	app := app("openid", "offline_access", read)
	code, verifier := signIn(t, app)
	first, err := app.Exchange(ctx, code, oauth2.VerifierOption(verifier))
	if err != nil {
		t.Fatal(err)
	}
	last := first
	for range 2 {
		if last, err = app.TokenSource(ctx, &oauth2.Token{RefreshToken: last.RefreshToken}).Token(); err != nil {
			t.Fatal(err)
		}
	}

	_, err = app.TokenSource(ctx, &oauth2.Token{RefreshToken: first.RefreshToken}).Token()

	grantRefused(t, err)
	ended(t, last)
}

// ended asks the server: the demo API reads tokens without asking it.
func ended(t *testing.T, token *oauth2.Token) {
	t.Helper()
	response, err := http.Get(ready.Issuer + "/tokeninfo?access_token=" + url.QueryEscape(token.AccessToken))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	want(t, "what tokeninfo says of it", response.StatusCode, http.StatusBadRequest)
}

func grantRefused(t *testing.T, err error) {
	t.Helper()
	var refused *oauth2.RetrieveError
	if !errors.As(err, &refused) {
		t.Fatalf("not refused: %v", err)
	}
	want(t, "the error", refused.ErrorCode, "invalid_grant")
	if page, err := url.Parse(refused.ErrorURI); err != nil || page.Host == "" {
		t.Errorf("error_uri is %q", refused.ErrorURI)
	}
}
