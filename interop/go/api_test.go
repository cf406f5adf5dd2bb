package interop

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

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

func TestG1_ATokenThatIsOverIsReplacedBeforeItIsSent(t *testing.T) {
	ctx, watched := watch(t)
	source := config(t, ciKey, read).TokenSource(ctx)
	first, err := source.Token()
	if err != nil {
		t.Fatal(err)
	}
	over := *first
	over.Expiry = time.Now().Add(-time.Minute)

	second, err := oauth2.ReuseTokenSource(&over, config(t, ciKey, read).TokenSource(ctx)).Token()
	if err != nil {
		t.Fatal(err)
	}

	want(t, "the number of requests", len(watched.URLs), 2)
	if second.AccessToken == first.AccessToken {
		t.Error("it is the same token")
	}
}

func TestG1_ManyAtOnceAskOnce(t *testing.T) {
	ctx, watched := watch(t)
	client := config(t, ciKey, read).Client(ctx)
	var group sync.WaitGroup
	statuses := make([]int, 32)
	for place := range statuses {
		group.Go(func() { statuses[place] = statusOf(t, client, http.MethodGet).StatusCode })
	}
	group.Wait()

	for _, status := range statuses {
		want(t, "a status", status, http.StatusOK)
	}
	asked := 0
	for _, address := range watched.addresses() {
		if address == ready.Issuer+"/token" {
			asked++
		}
	}
	want(t, "the number of requests for a token", asked, 1)
}

func TestG1_AKeyDisabledInTheMiddle(t *testing.T) {
	key := newAccount(t, "midway")
	config := config(t, key.JSON, read)
	client := config.Client(t.Context())
	want(t, "the status before", statusOf(t, client, http.MethodGet).StatusCode, http.StatusOK)

	disableKey(t, key)

	// The token that was given lives on in the library; another is not given.
	want(t, "the status with the token in hand", statusOf(t, client, http.MethodGet).StatusCode, http.StatusOK)
	expect(t, refused(t, config, 400), "invalid_grant", invalidSignature, 2011)
}

func TestG1_ARevokedToken(t *testing.T) {
	source := config(t, ciKey, read)
	first, err := source.TokenSource(t.Context()).Token()
	if err != nil {
		t.Fatal(err)
	}
	want(t, "azp", tokenInfo(t, first.AccessToken)["azp"], ci.ClientID)

	response, err := http.PostForm(ready.Issuer+"/revoke", url.Values{"token": {first.AccessToken}})
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	want(t, "the status of the revocation", response.StatusCode, http.StatusOK)

	told, err := http.Get(ready.Issuer + "/tokeninfo?access_token=" + url.QueryEscape(first.AccessToken))
	if err != nil {
		t.Fatal(err)
	}
	told.Body.Close()
	want(t, "the status of tokeninfo", told.StatusCode, http.StatusBadRequest)
	given(t, source)
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
