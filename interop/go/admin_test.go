package interop

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// The few calls of the admin API that the tests need to bring an account into a state.

// Key is a key file: its text, and the two fields that the admin API wants to hear.
type Key struct {
	JSON  []byte
	Email string `json:"client_email"`
	ID    string `json:"private_key_id"`
}

// newAccount makes an account whose name begins so, with one key.
func newAccount(t *testing.T, name string) Key {
	t.Helper()
	random := make([]byte, 4)
	if _, err := rand.Read(random); err != nil {
		t.Fatal(err)
	}
	var made struct{ Email string }
	admin(t, "POST", "", map[string]string{
		"account_id":   name + "-" + hex.EncodeToString(random),
		"display_name": name,
	}, &made)
	return newKey(t, made.Email)
}

// newKey makes one more key.
func newKey(t *testing.T, email string) Key {
	t.Helper()
	var made struct {
		Data string `json:"private_key_data"`
	}
	admin(t, "POST", "/"+email+"/keys", map[string]string{"format": "google"}, &made)
	file, err := base64.StdEncoding.DecodeString(made.Data)
	if err != nil {
		t.Fatal(err)
	}
	key := Key{JSON: file}
	if err := json.Unmarshal(file, &key); err != nil {
		t.Fatal(err)
	}
	return key
}

func disableAccount(t *testing.T, key Key) {
	t.Helper()
	admin(t, "POST", "/"+key.Email+":disable", struct{}{}, nil)
}

func disableKey(t *testing.T, key Key) {
	t.Helper()
	admin(t, "POST", "/"+key.Email+"/keys/"+key.ID+":disable", struct{}{}, nil)
}

func deleteKey(t *testing.T, key Key) {
	t.Helper()
	admin(t, "DELETE", "/"+key.Email+"/keys/"+key.ID, nil, nil)
}

// Organization is a domain with two people, whom accounts of other projects may be allowed to act for.
type Organization struct {
	ID       string `json:"id"`
	Ann, Ben string
}

// newOrganization makes one.
func newOrganization(t *testing.T) Organization {
	t.Helper()
	domain := strings.ToLower(rand.Text()[:12]) + ".example"
	organization := Organization{Ann: "ann@" + domain, Ben: "ben@" + domain}
	call(t, "POST", "/organizations", map[string]string{"title": domain}, &organization)
	organization.make(t, "domains", map[string]string{"name": domain}, nil)
	organization.make(t, "users", map[string]string{"email": organization.Ann}, nil)
	organization.make(t, "users", map[string]string{"email": organization.Ben}, nil)
	return organization
}

// delegate lets the account of this key act for people here, for reading. Returns the id of the delegation.
func (o Organization) delegate(t *testing.T, key Key, whom any, until *time.Time) string {
	t.Helper()
	ask := map[string]any{"client": key.Email, "scopes": []string{read}, "whom": whom}
	if until != nil {
		ask["until"] = until.UTC().Format(time.RFC3339)
	}
	var made struct{ ID string }
	o.make(t, "delegations", ask, &made)
	return made.ID
}

func (o Organization) make(t *testing.T, path string, ask, answer any) {
	t.Helper()
	call(t, "POST", "/organizations/"+o.ID+"/"+path, ask, answer)
}

func admin(t *testing.T, method, path string, ask, answer any) {
	t.Helper()
	call(t, method, "/projects/"+ready.Project+"/service-accounts"+path, ask, answer)
}

func call(t *testing.T, method, path string, ask, answer any) {
	t.Helper()
	var body io.Reader
	if ask != nil {
		text, err := json.Marshal(ask)
		if err != nil {
			t.Fatal(err)
		}
		body = bytes.NewReader(text)
	}
	request, err := http.NewRequest(method, ready.Issuer+"/admin/v1"+path, body)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+ready.AdminToken)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode/100 != 2 {
		t.Fatalf("%s %s: %s\n%s", method, path, response.Status, text)
	}
	if answer != nil {
		if err := json.Unmarshal(text, answer); err != nil {
			t.Fatalf("%s %s: %v\n%s", method, path, err, text)
		}
	}
}
