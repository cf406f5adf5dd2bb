package interop

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cloud.google.com/go/auth/credentials"
	"cloud.google.com/go/auth/credentials/impersonate"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/google"
)

// Google's own addresses (google-wire 12: G5, G8). Go reads proxies and certificates once in a process, so each case is this
// program again, with what `carnet google env go` prints.

// programs are what it does then: each prints a token for the scope, by the credentials that the environment names.
var programs = map[string]func(context.Context, ...string) (string, error){
	"oauth2": func(ctx context.Context, words ...string) (string, error) {
		found, err := google.FindDefaultCredentials(ctx, words...)
		if err != nil {
			return "", err
		}
		token, err := found.TokenSource.Token()
		if err != nil {
			return "", err
		}
		return token.AccessToken, nil
	},
	"auth": func(ctx context.Context, words ...string) (string, error) {
		found, err := credentials.DetectDefault(&credentials.DetectOptions{Scopes: words})
		if err != nil {
			return "", err
		}
		token, err := found.Token(ctx)
		if err != nil {
			return "", err
		}
		return token.Value, nil
	},
	"impersonate": func(ctx context.Context, words ...string) (string, error) {
		found, err := impersonate.NewCredentials(&impersonate.CredentialsOptions{
			TargetPrincipal: words[0],
			Subject:         words[1],
			Scopes:          words[2:],
		})
		if err != nil {
			return "", err
		}
		token, err := found.Token(ctx)
		if err != nil {
			return "", err
		}
		return token.Value, nil
	},
}

// play is what this program does instead of testing.
func play(name string, words []string) int {
	token, err := programs[name](context.Background(), words...)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println(token)
	return 0
}

const held = `eval "$("$CARNET_BIN" google env go --quiet --ready-file "$CARNET_READY_FILE")" && exec "$@"`

// program runs one with these credentials to be found, and says what it printed.
func program(t *testing.T, file, name string, words ...string) string {
	t.Helper()
	command := exec.Command("bash", append([]string{"-euc", held, "bash", os.Args[0]}, words...)...)
	command.Env = append(os.Environ(), "CARNET_PROGRAM="+name, "GOOGLE_APPLICATION_CREDENTIALS="+file, "HOME="+t.TempDir())
	var errors strings.Builder
	command.Stderr = &errors
	said, err := command.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, errors.String())
	}
	return strings.TrimSpace(string(said))
}

// opens says whether the API takes the token.
func opens(t *testing.T, token string) {
	t.Helper()
	client := oauth2.NewClient(t.Context(), oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token}))
	want(t, "the API's answer", statusOf(t, client, "GET").StatusCode, 200)
}

// written makes a file of this run.
func written(t *testing.T, content any) string {
	t.Helper()
	text, ok := content.([]byte)
	if !ok {
		var err error
		if text, err = json.Marshal(content); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// bind lets a member do something with an account.
func bind(t *testing.T, email, member, role string) {
	t.Helper()
	admin(t, "POST", "/"+email+"/policy:add", map[string]string{"member": member, "role": role}, nil)
}

// job makes a pool whose provider is the server itself: an ID token of ci@ is what a job brings. It returns the credential file,
// and the member that its bearer is.
func job(t *testing.T) (map[string]any, string) {
	t.Helper()
	var project struct{ Number string }
	call(t, "GET", "/projects/"+ready.Project, nil, &project)
	pools := "/projects/" + ready.Project + "/workload-pools"
	var pool struct{ ID string }
	call(t, "POST", pools, map[string]string{"id": "go-" + strings.ToLower(rand.Text()[:8])}, &pool)
	call(t, "POST", pools+"/"+pool.ID+"/providers", map[string]any{
		"id":                "main",
		"oidc":              map[string]string{"issuer": ready.Issuer},
		"attribute_mapping": map[string]string{"google.subject": "assertion.sub"},
	}, nil)
	name := "iam.googleapis.com/projects/" + project.Number + "/locations/global/workloadIdentityPools/" + pool.ID
	audience := "//" + name + "/providers/main"
	config, err := google.JWTConfigFromJSON(ciKey)
	if err != nil {
		t.Fatal(err)
	}
	config.UseIDToken = true
	config.PrivateClaims = map[string]any{"target_audience": audience}
	token, err := config.TokenSource(t.Context()).Token()
	if err != nil {
		t.Fatal(err)
	}
	return map[string]any{
		"type":               "external_account",
		"audience":           audience,
		"subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
		"token_url":          "https://sts.googleapis.com/v1/token",
		"credential_source":  map[string]string{"file": written(t, []byte(token.AccessToken))},
	}, "principal://" + name + "/subject/" + ci.ClientID
}

func TestG5_ExternalAccount(t *testing.T) {
	file, member := job(t)
	for _, library := range []string{"oauth2", "auth"} {
		t.Run(library, func(t *testing.T) {
			token := program(t, written(t, file), library, read)
			want(t, "sub", claims(t, token)["sub"], member)
			opens(t, token)
		})
	}
}

func TestG5_ExternalAccountBecomesTheAccountThatItIsBoundOn(t *testing.T) {
	file, member := job(t)
	target := newAccount(t, "g5").Email
	bind(t, target, member, "roles/iam.workloadIdentityUser")
	file["service_account_impersonation_url"] =
		"https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/" + target + ":generateAccessToken"
	for _, library := range []string{"oauth2", "auth"} {
		t.Run(library, func(t *testing.T) {
			token := program(t, written(t, file), library, read)
			want(t, "email", claims(t, token)["email"], target)
			opens(t, token)
		})
	}
}

// The library has a JWT signed by IAM for ci@, which acts for people, and redeems it with the grant that was before RFC 7523.
func TestG8_ImpersonateWithSubject(t *testing.T) {
	stranger := newAccount(t, "g8")
	bind(t, ci.Email, "serviceAccount:"+stranger.Email, "roles/iam.serviceAccountTokenCreator")

	token := program(t, written(t, stranger.JSON), "impersonate", ci.Email, "alice@example.com", read)

	want(t, "email", tokenInfo(t, token)["email"], "alice@example.com")
	opens(t, token)
}

func TestG8_ImpersonateForPeopleOfOthersIsRefused(t *testing.T) {
	stranger := newAccount(t, "g8")
	bind(t, ci.Email, "serviceAccount:"+stranger.Email, "roles/iam.serviceAccountTokenCreator")
	command := exec.Command("bash", "-euc", held, "bash", os.Args[0], ci.Email, "mallory@elsewhere.example", read)
	file := written(t, stranger.JSON)
	command.Env = append(os.Environ(), "CARNET_PROGRAM=impersonate", "GOOGLE_APPLICATION_CREDENTIALS="+file)

	said, err := command.CombinedOutput()

	if err == nil || !strings.Contains(string(said), "CRN-22") {
		t.Errorf("%v: %s", err, said)
	}
}
