package interop

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2/google"
)

// The metadata server as x/oauth2 finds it (google-wire 12: G6).

// standalone starts `carnet metadata` with the key file of ci@ and says where it listens.
func standalone(t *testing.T) string {
	t.Helper()
	words := []string{"metadata", "--key-file", ci.KeyFile, "--listen", "127.0.0.1:0", "--scope", read + "," + write}
	server := exec.Command(os.Getenv("CARNET_BIN"), words...)
	out, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		server.Process.Signal(os.Interrupt)
		if err := server.Wait(); err != nil {
			t.Errorf("carnet metadata ended with %v", err)
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(strings.TrimSpace(line), "export GCE_METADATA_HOST=")
}

func TestG6_FindDefaultCredentials(t *testing.T) {
	hosts := map[string]string{"sandbox": ready.Metadata.Host, "standalone": standalone(t)}
	for name, host := range hosts {
		t.Run(name, func(t *testing.T) {
			t.Setenv("GCE_METADATA_HOST", host)
			t.Setenv("HOME", t.TempDir())
			t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", "")
			credentials, err := google.FindDefaultCredentials(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			want(t, "the project", credentials.ProjectID, ready.Project)
			domain, err := credentials.GetUniverseDomain()
			if err != nil {
				t.Fatal(err)
			}
			want(t, "the universe", domain, "googleapis.com")

			token, err := credentials.TokenSource.Token()
			if err != nil {
				t.Fatal(err)
			}
			want(t, "the type", token.Type(), "Bearer")
			if life := time.Until(token.Expiry); life < 225*time.Second || life > 3601*time.Second {
				t.Errorf("the token lives %v", life)
			}
			told := tokenInfo(t, token.AccessToken)
			want(t, "azp", told["azp"], ci.ClientID)
			want(t, "scope", told["scope"], read+" "+write)

			token, err = google.ComputeTokenSource("", read).Token()
			if err != nil {
				t.Fatal(err)
			}
			want(t, "the scope asked for", tokenInfo(t, token.AccessToken)["scope"], read)
			token, err = google.ComputeTokenSource(ci.Email, write).Token()
			if err != nil {
				t.Fatal(err)
			}
			want(t, "the scope by e-mail", tokenInfo(t, token.AccessToken)["scope"], write)
			if _, err := google.ComputeTokenSource("other@example.com", read).Token(); err == nil {
				t.Error("another account has a token")
			}
		})
	}
}
