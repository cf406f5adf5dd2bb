package interop

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/google"
)

// A protected API, called with the library's HTTP client (G1, G7).

func TestG1_ClientReadsTheAPI(t *testing.T) {
	client := config(t, ciKey, read).Client(t.Context())

	response := statusOf(t, client, http.MethodGet)

	want(t, "the status", response.StatusCode, http.StatusOK)
	var list struct{ Invoices []struct{ ID string } }
	if err := json.NewDecoder(response.Body).Decode(&list); err != nil {
		t.Fatal(err)
	}
	if len(list.Invoices) == 0 || list.Invoices[0].ID == "" {
		t.Errorf("no invoices: %v", list)
	}
}

func TestG1_ClientWritesWithTheScopeForIt(t *testing.T) {
	reader := statusOf(t, config(t, ciKey, read).Client(t.Context()), http.MethodPost)
	want(t, "the status for a reader", reader.StatusCode, http.StatusForbidden)
	if challenge := reader.Header.Get("WWW-Authenticate"); !strings.Contains(challenge, `error="insufficient_scope"`) {
		t.Errorf("the challenge is %s", challenge)
	}

	writer := statusOf(t, config(t, ciKey, write).Client(t.Context()), http.MethodPost)
	if writer.StatusCode/100 != 2 {
		t.Errorf("the status for a writer is %s", writer.Status)
	}
}

func TestG2_ClientReadsForAUser(t *testing.T) {
	config := config(t, ciKey, read)
	config.Subject = "bob@example.com"

	response := statusOf(t, config.Client(t.Context()), http.MethodGet)

	want(t, "the status", response.StatusCode, http.StatusOK)
}

func TestG7_JWTAccessTokenSourceFromJSON(t *testing.T) {
	for _, audience := range []string{ready.Issuer, ready.Issuer + "/"} {
		source, err := google.JWTAccessTokenSourceFromJSON(ciKey, audience)
		if err != nil {
			t.Fatal(err)
		}
		response := statusOf(t, oauth2.NewClient(t.Context(), source), http.MethodGet)
		want(t, "the status with aud "+audience, response.StatusCode, http.StatusOK)
	}
}

func TestG7_JWTAccessTokenForAnotherAPI(t *testing.T) {
	source, err := google.JWTAccessTokenSourceFromJSON(ciKey, "https://other.example.com/")
	if err != nil {
		t.Fatal(err)
	}

	response := statusOf(t, oauth2.NewClient(t.Context(), source), http.MethodGet)

	want(t, "the status", response.StatusCode, http.StatusUnauthorized)
	if challenge := response.Header.Get("WWW-Authenticate"); !strings.Contains(challenge, `error="invalid_token"`) {
		t.Errorf("the challenge is %s", challenge)
	}
}

func TestG7_JWTAccessTokenSourceWithScope(t *testing.T) {
	source, err := google.JWTAccessTokenSourceWithScope(ciKey, read)
	if err != nil {
		t.Fatal(err)
	}
	client := oauth2.NewClient(t.Context(), source)

	token, err := source.Token()
	if err != nil {
		t.Fatal(err)
	}
	sent := claims(t, token.AccessToken)
	want(t, "scope", sent["scope"], read)
	want(t, "aud, which the library leaves empty and does not leave out,", sent["aud"], "")
	want(t, "the status of a GET", statusOf(t, client, http.MethodGet).StatusCode, http.StatusOK)
	want(t, "the status of a POST", statusOf(t, client, http.MethodPost).StatusCode, http.StatusForbidden)
}

func TestG7_JWTAccessTokenOfADisabledAccount(t *testing.T) {
	key := newAccount(t, "selfsigned")
	source, err := google.JWTAccessTokenSourceWithScope(key.JSON, read)
	if err != nil {
		t.Fatal(err)
	}
	client := oauth2.NewClient(t.Context(), source)
	want(t, "the status before", statusOf(t, client, http.MethodGet).StatusCode, http.StatusOK)

	disableAccount(t, key)

	// The API keeps the document of an account's keys for five minutes, as its Cache-Control says.
	moveClock(t, "+301s")
	defer moveClock(t, "0")
	want(t, "the status after", statusOf(t, client, http.MethodGet).StatusCode, http.StatusUnauthorized)
}
