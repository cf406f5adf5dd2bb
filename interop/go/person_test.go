package interop

import (
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// person has a browser that runs no script: it keeps cookies and fills the forms that it is shown,
// with every box ticked.
type person struct {
	browser *http.Client
}

var (
	forms      = regexp.MustCompile(`(?s)<form\b([^>]*)>(.*?)</form>`)
	wanted     = regexp.MustCompile(`name="(?:password|decision|user_code)"`)
	inputs     = regexp.MustCompile(`<input\b([^>]*)>`)
	attributes = regexp.MustCompile(`([\w-]+)(?:="([^"]*)")?`)
)

func newPerson(t *testing.T) *person {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	// It stops where it is sent away from the server: that is where the app takes over.
	stay := func(request *http.Request, _ []*http.Request) error {
		if !strings.HasPrefix(request.URL.String(), ready.Issuer+"/") {
			return http.ErrUseLastResponse
		}
		return nil
	}
	return &person{&http.Client{Jar: jar, CheckRedirect: stay}}
}

// walk opens an address and does what it takes to come back to the app.
func (p *person) walk(t *testing.T, address, decision string) *url.URL {
	t.Helper()
	response, err := p.browser.Get(address)
	for range 6 {
		if err != nil {
			t.Fatal(err)
		}
		page, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if back, err := response.Location(); err == nil {
			return back
		}
		action, fields := asked(string(page))
		if fields == nil {
			t.Fatalf("no way on from %s: %s", response.Request.URL, page)
		}
		if fields.Has("password") {
			fields.Set("email", "alice@example.com")
			fields.Set("password", "alice")
		} else {
			fields.Set("decision", decision)
		}
		response, err = p.send(response.Request.URL, action, fields)
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Fatalf("still not back, at %s", response.Request.URL)
	return nil
}

// device opens the page of a device by the link with its code, and answers. It returns the page at the end.
func (p *person) device(t *testing.T, address, decision string) string {
	t.Helper()
	response, err := p.browser.Get(address)
	for range 4 {
		if err != nil {
			t.Fatal(err)
		}
		page, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		action, fields := asked(string(page))
		if fields == nil {
			return string(page)
		}
		if fields.Has("password") {
			fields.Set("email", "alice@example.com")
			fields.Set("password", "alice")
		} else {
			fields.Set("decision", decision)
		}
		response, err = p.send(response.Request.URL, action, fields)
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Fatalf("still not done, at %s", response.Request.URL)
	return ""
}

func (p *person) send(page *url.URL, action string, fields url.Values) (*http.Response, error) {
	target, err := page.Parse(action)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequest(http.MethodPost, target.String(), strings.NewReader(fields.Encode()))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Origin", ready.Issuer)
	return p.browser.Do(request)
}

// asked is the form that wants a password, the code of a device or a decision, with what it holds already, and every box ticked.
func asked(page string) (string, url.Values) {
	for _, form := range forms.FindAllStringSubmatch(page, -1) {
		if !wanted.MatchString(form[2]) {
			continue
		}
		fields := url.Values{}
		for _, input := range inputs.FindAllStringSubmatch(form[2], -1) {
			of := named(input[1])
			fields.Add(of["name"], of["value"])
		}
		return named(form[1])["action"], fields
	}
	return "", nil
}

func named(tag string) map[string]string {
	found := map[string]string{}
	for _, attribute := range attributes.FindAllStringSubmatch(tag, -1) {
		found[attribute[1]] = html.UnescapeString(attribute[2])
	}
	return found
}
