// Package interop holds golang.org/x/oauth2/google, unmodified, against a running carnet.
package interop

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"
)

// Account is a service account that the sandbox came with.
type Account struct {
	Email    string `json:"email"`
	ClientID string `json:"client_id"`
	KeyFile  string `json:"key_file"`
}

// Client is an OAuth client that the sandbox came with.
type Client struct {
	ID           string   `json:"client_id"`
	Secret       string   `json:"client_secret"`
	RedirectURIs []string `json:"redirect_uris"`
}

// Ready is what `carnet dev --ready-file` wrote.
type Ready struct {
	Issuer     string `json:"issuer"`
	AdminToken string `json:"admin_token"`
	Metadata   struct {
		Host string `json:"host"`
	} `json:"metadata"`
	Google struct {
		CAFile string `json:"ca_file"`
	} `json:"google"`
	Project         string    `json:"project"`
	ServiceAccounts []Account `json:"service_accounts"`
	Clients         []Client  `json:"clients"`
	Demo            struct {
		API    string   `json:"api"`
		Scopes []string `json:"scopes"`
	} `json:"demo"`
}

// The server that all tests speak to.
var ready Ready

// The account that may act for users of example.com, for reading, and its key file.
var (
	ci    Account
	ciKey []byte
)

// A client with people in front of it, which sends its secret in the header, one on a device, and one without people, which sends it in the form.
var web, tv, daemon Client

// The scopes of the demo API, and its one resource.
var read, write, invoices string

func TestMain(m *testing.M) {
	if err := load(os.Getenv("CARNET_READY_FILE")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if name := os.Getenv("CARNET_PROGRAM"); name != "" {
		os.Exit(play(name, os.Args[1:]))
	}
	os.Exit(m.Run())
}

func load(path string) error {
	told, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(told, &ready); err != nil {
		return err
	}
	for _, account := range ready.ServiceAccounts {
		if account.Email == "ci@"+ready.Project+".iam.gserviceaccount.com" {
			ci = account
		}
	}
	for _, client := range ready.Clients {
		switch client.ID {
		case "demo-tv":
			tv = client
		case "demo-web":
			web = client
		case "demo-daemon":
			daemon = client
		}
	}
	if ci.KeyFile == "" || web.ID == "" || daemon.ID == "" || len(ready.Demo.Scopes) != 2 {
		return fmt.Errorf("%s has no ci@ account, no demo-web, no demo-daemon, or not two scopes", path)
	}
	read, write = ready.Demo.Scopes[0], ready.Demo.Scopes[1]
	invoices = ready.Demo.API + "/invoices"
	ciKey, err = os.ReadFile(ci.KeyFile)
	return err
}
