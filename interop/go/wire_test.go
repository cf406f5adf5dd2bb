package interop

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/oauth2"
)

// Watched is Go's own transport, which also remembers what passed through it.
type Watched struct {
	lock     sync.Mutex
	URLs     []string
	Forms    []url.Values
	Statuses []int
}

// RoundTrip implements http.RoundTripper.
func (w *Watched) RoundTrip(request *http.Request) (*http.Response, error) {
	w.lock.Lock()
	w.URLs = append(w.URLs, request.URL.String())
	w.lock.Unlock()
	if request.URL.Path == "/token" {
		body, err := io.ReadAll(request.Body)
		if err != nil {
			return nil, err
		}
		request.Body = io.NopCloser(bytes.NewReader(body))
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, err
		}
		w.lock.Lock()
		w.Forms = append(w.Forms, form)
		w.lock.Unlock()
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err == nil {
		w.lock.Lock()
		w.Statuses = append(w.Statuses, response.StatusCode)
		w.lock.Unlock()
	}
	return response, err
}

// addresses is where requests went, for a test that sends many at once.
func (w *Watched) addresses() []string {
	w.lock.Lock()
	defer w.lock.Unlock()
	return slices.Clone(w.URLs)
}

// watch gives a context whose HTTP client is watched: that is how the library takes one.
func watch(t *testing.T) (context.Context, *Watched) {
	t.Helper()
	watched := &Watched{}
	client := &http.Client{Transport: watched}
	return context.WithValue(t.Context(), oauth2.HTTPClient, client), watched
}

// assertion is what the library signed and sent.
func (w *Watched) assertion(t *testing.T) map[string]any {
	t.Helper()
	if len(w.Forms) == 0 {
		t.Fatal("nothing was sent")
	}
	return claims(t, w.Forms[0].Get("assertion"))
}

// claims reads a JWT without verifying it.
func claims(t *testing.T, token string) map[string]any {
	t.Helper()
	return segment(t, token, 1)
}

func segment(t *testing.T, token string, place int) map[string]any {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("a JWT has three segments, this has %d", len(parts))
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[place])
	if err != nil {
		t.Fatal(err)
	}
	var object map[string]any
	if err := json.Unmarshal(text, &object); err != nil {
		t.Fatal(err)
	}
	return object
}

// verify holds the signature of an RS256 JWT against the published key that its kid names.
func verify(t *testing.T, token string) map[string]any {
	t.Helper()
	var set struct {
		Keys []struct{ Kid, Kty, Alg, Use, N, E string }
	}
	getJSON(t, ready.Issuer+"/oauth2/v3/certs", &set)
	header := segment(t, token, 0)
	if header["alg"] != "RS256" {
		t.Fatalf("alg is %v", header["alg"])
	}
	for _, key := range set.Keys {
		if key.Kid != header["kid"] {
			continue
		}
		if key.Kty != "RSA" || key.Use != "sig" {
			t.Fatalf("kid names a %s key for %s", key.Kty, key.Use)
		}
		public := &rsa.PublicKey{N: new(big.Int).SetBytes(bits(t, key.N)), E: int(new(big.Int).SetBytes(bits(t, key.E)).Int64())}
		dot := strings.LastIndex(token, ".")
		hashed := sha256.Sum256([]byte(token[:dot]))
		if err := rsa.VerifyPKCS1v15(public, crypto.SHA256, hashed[:], bits(t, token[dot+1:])); err != nil {
			t.Fatal(err)
		}
		return claims(t, token)
	}
	t.Fatalf("kid %v is not published", header["kid"])
	return nil
}

func bits(t *testing.T, text string) []byte {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// tokenInfo asks the server what an access token is.
func tokenInfo(t *testing.T, token string) map[string]string {
	t.Helper()
	var told map[string]string
	getJSON(t, ready.Issuer+"/tokeninfo?access_token="+url.QueryEscape(token), &told)
	return told
}

func getJSON(t *testing.T, address string, into any) {
	t.Helper()
	response, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %s", address, response.Status)
	}
	if err := json.NewDecoder(response.Body).Decode(into); err != nil {
		t.Fatal(err)
	}
}

// statusOf calls the API with a client of the library.
func statusOf(t *testing.T, client *http.Client, method string) *http.Response {
	t.Helper()
	body := strings.NewReader(`{"customer":"Interop Ltd","amount":4200,"currency":"EUR"}`)
	request, err := http.NewRequest(method, invoices, body)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	return response
}

func want(t *testing.T, what string, got, expected any) {
	t.Helper()
	if got != expected {
		t.Errorf("%s is %v, expected %v", what, got, expected)
	}
}

// force makes the next answer of the token endpoint this error.
func force(t *testing.T, code string) {
	t.Helper()
	sandbox(t, "/dev/faults", url.Values{"code": {code}, "times": {"1"}})
}

// moveClock moves the server's clock: `+61m`, or `0`.
func moveClock(t *testing.T, offset string) {
	t.Helper()
	sandbox(t, "/dev/clock", url.Values{"offset": {offset}})
}

func sandbox(t *testing.T, path string, form url.Values) {
	t.Helper()
	response, err := http.PostForm(ready.Issuer+path, form)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", path, response.Status)
	}
}
