package interop

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// An app for itself: golang.org/x/oauth2/clientcredentials.

func machine(style oauth2.AuthStyle, secret string, scopes ...string) *clientcredentials.Config {
	return &clientcredentials.Config{
		ClientID:     web.ID,
		ClientSecret: secret,
		TokenURL:     ready.Issuer + "/token",
		Scopes:       scopes,
		AuthStyle:    style,
	}
}

func TestG8_ClientCredentials(t *testing.T) {
	ctx, watched := watch(t)
	for _, style := range []oauth2.AuthStyle{oauth2.AuthStyleAutoDetect, oauth2.AuthStyleInHeader} {
		token, err := machine(style, web.Secret, read).Token(ctx)
		if err != nil {
			t.Fatal(err)
		}
		want(t, "the type", token.Type(), "Bearer")
		want(t, "the refresh token", token.RefreshToken, "")
		if life := time.Until(token.Expiry); life < 3580*time.Second || life > 3601*time.Second {
			t.Errorf("the token lives %v", life)
		}
		answer := statusOf(t, oauth2.NewClient(ctx, oauth2.StaticTokenSource(token)), http.MethodGet)
		want(t, "the API's answer", answer.StatusCode, http.StatusOK)
	}
	want(t, "the number of requests", len(watched.Forms), 2)
}

func TestG8_SecretInTheForm(t *testing.T) {
	config := machine(oauth2.AuthStyleInParams, daemon.Secret, read)
	config.ClientID = daemon.ID
	client := config.Client(t.Context())
	want(t, "the API's answer", statusOf(t, client, http.MethodGet).StatusCode, http.StatusOK)

	// The library tries the header first, and goes on with the form.
	config.AuthStyle = oauth2.AuthStyleAutoDetect
	ctx, watched := watch(t)
	if _, err := config.Token(ctx); err != nil {
		t.Fatal(err)
	}
	want(t, "the number of requests", len(watched.Forms), 2)
}

func TestG8_ClientIsAskedForOnce(t *testing.T) {
	ctx, watched := watch(t)
	client := machine(oauth2.AuthStyleInHeader, web.Secret, read).Client(ctx)
	for range 3 {
		want(t, "the API's answer", statusOf(t, client, http.MethodGet).StatusCode, http.StatusOK)
	}
	want(t, "the number of tokens", len(watched.Forms), 1)
}

func TestG8_Refusals(t *testing.T) {
	tries := map[string]struct {
		config *clientcredentials.Config
		status int
		code   string
	}{
		"a wrong secret":      {machine(oauth2.AuthStyleInHeader, "wrong", read), http.StatusUnauthorized, "invalid_client"},
		"another method":      {machine(oauth2.AuthStyleInParams, web.Secret, read), http.StatusUnauthorized, "invalid_client"},
		"an unknown scope":    {machine(oauth2.AuthStyleInHeader, web.Secret, "no.such.scope"), http.StatusBadRequest, "invalid_scope"},
		"a client of nothing": {&clientcredentials.Config{ClientID: "nobody", ClientSecret: "x", TokenURL: ready.Issuer + "/token", AuthStyle: oauth2.AuthStyleInHeader}, http.StatusUnauthorized, "invalid_client"},
	}
	for name, try := range tries {
		_, err := try.config.Token(t.Context())
		var refused *oauth2.RetrieveError
		if !errors.As(err, &refused) {
			t.Fatalf("%s: %v", name, err)
		}
		want(t, name, refused.Response.StatusCode, try.status)
		want(t, name, refused.ErrorCode, try.code)
	}
}
