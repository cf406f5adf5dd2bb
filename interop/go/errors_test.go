package interop

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/google"
	"golang.org/x/oauth2/jwt"
)

// The seed's table of JWT errors, as *oauth2.RetrieveError holds it (G4). For the jwt-bearer grant this library keeps
// the response and the body and does not take the body apart; its text is the status and the body.

const (
	invalidSignature = "Invalid JWT Signature."
	invalidScope     = "Invalid OAuth scope or ID token audience provided."
	unauthorized     = "Client is unauthorized to retrieve access tokens using this method, " +
		"or client not authorized for any of the scopes requested."
	unauthorizedClient = "Unauthorized client or scope in request."
	shortLived         = "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. " +
		"Check your iat and exp values and use a clock with skew to account for clock differences between systems."
)

type refusal struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
	URI         string `json:"error_uri"`
	Trace       string `json:"trace_id"`
	Time        string `json:"timestamp"`
}

// refused asks for a token that must not be given. What holds for every refusal is checked here.
func refused(t *testing.T, config *jwt.Config, status int) refusal {
	t.Helper()
	ctx, watched := watch(t)
	token, err := config.TokenSource(ctx).Token()
	if err == nil {
		t.Fatalf("a token was given: %v", token.Type())
	}
	var retrieve *oauth2.RetrieveError
	if !errors.As(err, &retrieve) {
		t.Fatalf("%T: %v", err, err)
	}
	want(t, "the status", retrieve.Response.StatusCode, status)
	want(t, "the number of requests", len(watched.URLs), 1)
	media := retrieve.Response.Header.Get("Content-Type")
	if !strings.HasPrefix(media, "application/json") {
		t.Errorf("the type is %s", media)
	}
	var body refusal
	if err := json.Unmarshal(retrieve.Body, &body); err != nil {
		t.Fatalf("%v\n%s", err, retrieve.Body)
	}
	if !strings.Contains(err.Error(), string(retrieve.Body)) {
		t.Errorf("the text of the error hides the body: %v", err)
	}
	return body
}

func expect(t *testing.T, body refusal, code, sentence string, crn int) {
	t.Helper()
	want(t, "error", body.Error, code)
	begin := fmt.Sprintf("%s CRN-%d: ", sentence, crn)
	if !strings.HasPrefix(body.Description, begin) {
		t.Errorf("the description begins\n%s\nexpected\n%s", body.Description, begin)
	}
	if !strings.HasSuffix(body.URI, fmt.Sprintf("/e/CRN-%d", crn)) {
		t.Errorf("error_uri is %s", body.URI)
	}
	if body.Trace == "" {
		t.Error("there is no trace_id")
	}
}

// forged is the configuration of ci@, signing with somebody else's key.
func forged(t *testing.T) *jwt.Config {
	t.Helper()
	stranger := config(t, newAccount(t, "stranger").JSON)
	config := config(t, ciKey, read)
	config.PrivateKey = stranger.PrivateKey
	return config
}

func TestG4_BadSignature(t *testing.T) {
	expect(t, refused(t, forged(t), 400), "invalid_grant", invalidSignature, 2005)
}

func TestG4_UnknownAccountLooksLikeABadSignature(t *testing.T) {
	bad := forged(t)
	one := refused(t, bad, 400)
	bad.Email = "nobody@" + ready.Project + ".iam.gserviceaccount.com"
	other := refused(t, bad, 400)

	one.Trace, one.Time, other.Trace, other.Time = "", "", "", ""
	want(t, "the answer", other, one)
}

func TestG4_DisabledAccount(t *testing.T) {
	key := newAccount(t, "disabled")
	disableAccount(t, key)

	body := refused(t, config(t, key.JSON, read), 401)

	expect(t, body, "disabled_client", "The OAuth client was disabled.", 2012)
}

func TestG4_DisabledKey(t *testing.T) {
	key := newAccount(t, "disabledkey")
	disableKey(t, key)

	body := refused(t, config(t, key.JSON, read), 400)

	expect(t, body, "invalid_grant", invalidSignature, 2011)
}

func TestG4_DeletedKey(t *testing.T) {
	key := newAccount(t, "deletedkey")
	other := newKey(t, key.Email)
	deleteKey(t, key)

	body := refused(t, config(t, key.JSON, read), 400)

	expect(t, body, "invalid_grant", invalidSignature, 2005)
	if _, err := config(t, other.JSON, read).TokenSource(t.Context()).Token(); err != nil {
		t.Errorf("the other key: %v", err)
	}
}

func TestG4_UnknownScope(t *testing.T) {
	body := refused(t, config(t, ciKey, "https://demo.carnet.dev/auth/invoices.raed"), 400)

	expect(t, body, "invalid_scope", invalidScope, 2217)
}

func TestG4_NoScope(t *testing.T) {
	expect(t, refused(t, config(t, ciKey), 400), "invalid_scope", invalidScope, 2214)
}

func TestG4_ScopesWithCommas(t *testing.T) {
	expect(t, refused(t, config(t, ciKey, read+","+write), 400), "invalid_scope", invalidScope, 2215)
}

func TestG4_DelegationNotGranted(t *testing.T) {
	config := config(t, newAccount(t, "undelegated").JSON, read)
	config.Subject = "alice@example.com"

	expect(t, refused(t, config, 401), "unauthorized_client", unauthorized, 2206)
}

func TestG4_DelegationNotForTheScope(t *testing.T) {
	config := config(t, ciKey, write)
	config.Subject = "alice@example.com"

	expect(t, refused(t, config, 401), "unauthorized_client", unauthorized, 2205)
}

func TestG4_DelegationForSomeOfTheScopes(t *testing.T) {
	config := config(t, ciKey, read, write)
	config.Subject = "alice@example.com"

	expect(t, refused(t, config, 400), "access_denied", "Requested client not authorized.", 2207)
}

func TestG4_UnknownUser(t *testing.T) {
	config := config(t, ciKey, read)
	config.Subject = "dana@example.com"

	expect(t, refused(t, config, 400), "invalid_grant", "Not a valid email.", 2210)
}

func TestG4_SuspendedUser(t *testing.T) {
	config := config(t, ciKey, read)
	config.Subject = "carol@example.com"

	expect(t, refused(t, config, 400), "access_denied", "Account restricted", 2211)
}

// acting is a configuration that acts for a person.
func acting(t *testing.T, key Key, person string) *jwt.Config {
	t.Helper()
	config := config(t, key.JSON, read)
	config.Subject = person
	return config
}

// given asks for a token that must be given.
func given(t *testing.T, config *jwt.Config) {
	t.Helper()
	if _, err := config.TokenSource(t.Context()).Token(); err != nil {
		t.Fatal(err)
	}
}

func TestG4_DelegationApprovedElsewhere(t *testing.T) {
	key, here, elsewhere := newAccount(t, "elsewhere"), newOrganization(t), newOrganization(t)
	elsewhere.delegate(t, key, "everyone", nil)
	given(t, acting(t, key, elsewhere.Ann))

	body := refused(t, acting(t, key, here.Ann), 401)

	expect(t, body, "unauthorized_client", unauthorizedClient, 2201)
}

func TestG4_DelegationThatEnded(t *testing.T) {
	key, organization := newAccount(t, "ended"), newOrganization(t)
	until := time.Now().Add(time.Minute)
	organization.delegate(t, key, "everyone", &until)
	given(t, acting(t, key, organization.Ann))
	moveClock(t, "+120s")
	defer moveClock(t, "0")

	body := refused(t, acting(t, key, organization.Ann), 401)

	expect(t, body, "unauthorized_client", unauthorizedClient, 2202)
}

func TestG4_DelegationSuspended(t *testing.T) {
	key, organization := newAccount(t, "suspended"), newOrganization(t)
	delegation := organization.delegate(t, key, "everyone", nil)
	given(t, acting(t, key, organization.Ann))
	organization.make(t, "delegations/"+delegation+":suspend", struct{}{}, nil)

	body := refused(t, acting(t, key, organization.Ann), 401)

	expect(t, body, "unauthorized_client", unauthorizedClient, 2203)
}

func TestG4_UserOutsideTheDelegation(t *testing.T) {
	key, organization := newAccount(t, "outside"), newOrganization(t)
	organization.delegate(t, key, map[string][]string{"users": {organization.Ben}}, nil)
	given(t, acting(t, key, organization.Ben))

	body := refused(t, acting(t, key, organization.Ann), 400)

	expect(t, body, "access_denied", "Requested client not authorized.", 2208)
}

func TestG4_AdminPolicyEnforced(t *testing.T) {
	key, organization := newAccount(t, "blocked"), newOrganization(t)
	organization.delegate(t, key, "everyone", nil)
	given(t, acting(t, key, organization.Ann))
	policy := map[string]any{"title": "High risk", "kind": "block_scopes", "scopes": []string{read}}
	organization.make(t, "policies", policy, nil)

	body := refused(t, acting(t, key, organization.Ann), 400)

	want(t, "error", body.Error, "admin_policy_enforced")
	// Google has no fixed sentence for it.
	if !strings.HasPrefix(body.Description, "CRN-2301: ") || !strings.Contains(body.Description, read) {
		t.Errorf("the description is %s", body.Description)
	}
}

func TestG4_OrgInternal(t *testing.T) {
	key, organization := newAccount(t, "strange"), newOrganization(t)
	organization.delegate(t, key, "everyone", nil)
	given(t, acting(t, key, organization.Ann))
	organization.make(t, "policies", map[string]string{"title": "Closed", "kind": "own_clients_only"}, nil)

	body := refused(t, acting(t, key, organization.Ann), 403)

	expect(t, body, "org_internal", "This client is restricted to users within its organization.", 2304)
}

func TestG4_TooLong(t *testing.T) {
	config := config(t, ciKey, read)
	config.Expires = 12 * time.Hour

	expect(t, refused(t, config, 400), "invalid_grant", shortLived, 2106)
}

func TestG4_WrongAudience(t *testing.T) {
	config := config(t, ciKey, read)
	config.Audience = "https://other.example.com/token"

	expect(t, refused(t, config, 400), "invalid_grant", "Invalid JWT: Failed audience check.", 2004)
}

func TestG4_IDTokenThatWasNotAskedFor(t *testing.T) {
	config := config(t, ciKey, read)
	config.UseIDToken = true

	_, err := config.TokenSource(t.Context()).Token()

	if err == nil || !strings.Contains(err.Error(), "response doesn't have JWT token") {
		t.Errorf("the answer to a scope held an ID token: %v", err)
	}
}

func TestG4_ARefusalIsFinal(t *testing.T) {
	ctx, _ := watch(t)
	stranger := newAccount(t, "stranger")
	disableAccount(t, stranger)
	credentials, err := google.CredentialsFromJSONWithType(ctx, stranger.JSON, google.ServiceAccount, read)
	if err != nil {
		t.Fatal(err)
	}

	_, err = credentials.TokenSource.Token()

	var final *google.AuthenticationError
	if !errors.As(err, &final) {
		t.Fatalf("%T: %v", err, err)
	}
	want(t, "Temporary", final.Temporary(), false)
}

func TestG4_OurFaultIsTemporary(t *testing.T) {
	for code, status := range map[string]int{"CRN-5001": 500, "CRN-5002": 503} {
		force(t, code)
		ctx, watched := watch(t)
		credentials, err := google.CredentialsFromJSONWithType(ctx, ciKey, google.ServiceAccount, read)
		if err != nil {
			t.Fatal(err)
		}

		_, err = credentials.TokenSource.Token()

		var temporary *google.AuthenticationError
		if !errors.As(err, &temporary) {
			t.Fatalf("%T: %v", err, err)
		}
		want(t, "Temporary", temporary.Temporary(), true)
		want(t, "the number of requests", len(watched.Statuses), 1)
		want(t, "the status", watched.Statuses[0], status)
		if _, err := credentials.TokenSource.Token(); err != nil {
			t.Errorf("the next time: %v", err)
		}
	}
}
