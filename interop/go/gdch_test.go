package interop

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"cloud.google.com/go/auth"
	"cloud.google.com/go/auth/credentials"
)

// Files of the type gdch_service_account with cloud.google.com/go/auth (G9). It believes the token endpoint by the certificates
// that the file names, and refuses a file that names none.

type gdchFile struct {
	Name    string `json:"name"`
	Project string `json:"project"`
	KeyID   string `json:"private_key_id"`
	text    []byte
}

func (f gdchFile) email() string {
	return f.Name + "@" + f.Project + ".iam.gserviceaccount.com"
}

// newGDCH makes an account, and the file by which it is a service identity too.
func newGDCH(t *testing.T) gdchFile {
	t.Helper()
	var account struct{ Email string }
	admin(t, "POST", "", map[string]string{"account_id": "gdch-" + strings.ToLower(rand.Text()[:8])}, &account)
	var made struct {
		Data string `json:"private_key_data"`
	}
	ask := map[string]string{"format": "gdch", "ca_cert_path": ready.Google.CAFile}
	admin(t, "POST", "/"+account.Email+"/keys", ask, &made)
	text, err := base64.StdEncoding.DecodeString(made.Data)
	if err != nil {
		t.Fatal(err)
	}
	file := gdchFile{text: text}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	return file
}

// exchange asks for a token for this audience.
func exchange(t *testing.T, file gdchFile, audience string) (*auth.Token, error) {
	t.Helper()
	found, err := credentials.NewCredentialsFromJSON(credentials.GDCHServiceAccount, file.text, &credentials.DetectOptions{
		STSAudience: audience,
		Client:      &http.Client{},
	})
	if err != nil {
		t.Fatal(err)
	}
	return found.Token(t.Context())
}

// notExchanged asks for a token that must not be given.
func notExchanged(t *testing.T, file gdchFile, audience string, status int, code string) {
	t.Helper()
	_, err := exchange(t, file, audience)
	var failed *auth.Error
	if !errors.As(err, &failed) {
		t.Fatalf("%T: %v", err, err)
	}
	want(t, "the status", failed.Response.StatusCode, status)
	var body refusal
	if err := json.Unmarshal(failed.Body, &body); err != nil {
		t.Fatalf("%v\n%s", err, failed.Body)
	}
	if !strings.Contains(body.Description, code) {
		t.Errorf("%s is not in: %s", code, body.Description)
	}
}

const demo = "https://demo.carnet.dev"

func TestG9_AServiceIdentityGetsATokenForAnAPI(t *testing.T) {
	file := newGDCH(t)
	token, err := exchange(t, file, demo)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "the type", token.Type, "Bearer")
	want(t, "the issued type", token.Metadata["issued_token_type"], "urn:ietf:params:oauth:token-type:access_token")
	said := claims(t, token.Value)
	want(t, "the account", said["email"], file.email())
	want(t, "the API", said["aud"], demo)
	opens(t, token.Value)
}

func TestG9_WhatIsRefused(t *testing.T) {
	file := newGDCH(t)
	notExchanged(t, file, "https://nowhere.example", 400, "CRN-1206")
	key := Key{Email: file.email(), ID: file.KeyID}
	disableAccount(t, key)
	notExchanged(t, file, demo, 401, "CRN-2012")

	file = newGDCH(t)
	deleteKey(t, Key{Email: file.email(), ID: file.KeyID})
	notExchanged(t, file, demo, 400, "CRN-2005")
}
