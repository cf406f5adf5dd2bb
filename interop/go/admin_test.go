package interop

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"testing"
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

func admin(t *testing.T, method, path string, ask, answer any) {
	t.Helper()
	var body io.Reader
	if ask != nil {
		text, err := json.Marshal(ask)
		if err != nil {
			t.Fatal(err)
		}
		body = bytes.NewReader(text)
	}
	root := ready.Issuer + "/admin/v1/projects/" + ready.Project + "/service-accounts"
	request, err := http.NewRequest(method, root+path, body)
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
