# The words of all pages, in English. Rules: say what happened, then what to do; no markup; no
# sentence built from parts; words between backticks are set as code only where a page says so.

product = Carnet
skip = Skip to the content
nav = Main
nav-dev = Sandbox
nav-errors = Errors
crumbs = You are here
foot-issuer = This server is
foot-version = Carnet { $version }
foot-sandbox = Development server

## Words used on many pages

to-start = Go to the start page
try-again = Try again
reload = Reload
copy = Copy
copied = Copied
copy-failed = Select and copy by hand
command = Command
reference = Reference
time = Time
status = Status
code = Code
title = Title
request = Request
took = Took
trace = Trace
scope = Scope
email = Email
password = Password
client-id = Client ID
client-secret = Client secret
redirect-uris = Redirect URIs
key-file = Key file
no-key = no key
no-password = no password
no-secret = none (public client)
micros = { $micros } µs

## An error code

code-meaning = What it means
code-causes = Usual causes
code-fixes = How to fix it
code-seen = Where it shows up
code-seen-token = The token endpoint answers with status { $status } and the error value { $error }.
code-seen-says = The description begins with this sentence of Google’s:
code-seen-resource = A protected API answers with status { $status } and a challenge with the error value { $error }.
code-seen-challenge = A protected API answers with status { $status } and a challenge that asks for a token.
code-seen-admin = The admin API answers with status { $status } and a problem document.
code-seen-page = A page for the person at the browser says it, with status { $status }.
code-seen-instead = Not in the answer. The caller is told this more general code:
code-seen-command_line = The command line prints it and ends with exit code { $exit }.
code-seen-start = The server writes it to its log and does not start.
code-told-anyone = Anyone is told: it follows from the request itself and from what is public.
code-told-caller = Only a caller who holds a valid key or client secret is told. Everyone else gets a more general answer.
code-told-delegate = Only a caller with a valid key and an approved delegation for the domain is told. Everyone else gets a more general answer.
code-told-owner = Only people who are signed in as owner, administrator or auditor are told.
code-trace = Every answer carries a trace ID. An owner opens its whole story with it:
code-trace-id = TRACE-ID
code-related = Related codes
code-reference = Where it is written
code-all = All error codes

index-title = Error codes
index-lead = { $count ->
    [one] { $count } code. It stands for one cause and never changes its number.
   *[other] { $count } codes. Each stands for one cause and never changes its number. Programs should look at the error value, not at the code.
}
series = { $series ->
    [10] Form of the request
    [12] Authorization requests
    [13] Authorization codes and refresh tokens
    [14] Client authentication
    [15] Devices
    [16] DPoP and mutual TLS
    [17] Client registration
    [20] Service accounts and their keys
    [21] Claims of an assertion
    [22] Scopes and delegation
    [23] Policies
    [30] Sign-in
    [40] Protected APIs
    [50] This server
    [60] Admin API
    [70] Command line and configuration
    [80] Store and start
   *[other] More
}

unknown-title = There is no such error code
unknown-lead = Codes look like CRN-2104: three letters, a hyphen, four digits. Perhaps a digit was lost on the way.
unknown-asked = You asked for
unknown-nearest = Did you mean

## An error answered to a browser

error-tell = If you ask someone for help, give them this reference:
error-developer = I build or run this
error-detail = Reason
error-sent = What was sent
error-explain = The owner of the project can read the whole story:

error-not_found-title = There is no page at this address
error-not_found-meaning = The address may be mistyped, or the page has moved. Nothing was changed.
error-bad_request-title = This request could not be read
error-bad_request-meaning = Something in the link or form you used is not as this server expects it. Nothing was changed.
error-method_not_allowed-title = This address cannot be used in this way
error-method_not_allowed-meaning = It is meant for programs, not for opening in a browser. Nothing was changed.
error-too_large-title = That was too much at once
error-too_large-meaning = The request is larger than this server reads. Nothing was changed.
error-unsupported_type-title = This form of data is not read here
error-unsupported_type-meaning = The request carries its data in a form that this address does not read. Nothing was changed.
error-not_signed_in-title = Sign-in is needed for this page
error-not_signed_in-meaning = This page is only for people this server knows. Nothing was changed.
error-forbidden-title = You may not open this page
error-forbidden-meaning = Your account does not have the permission for it. Whoever administers this server can give it to you. Nothing was changed.
error-conflict-title = Someone else was faster
error-conflict-meaning = What you wanted to change has changed meanwhile. Your change was not saved: look at the new state, then try again.
error-too_many-title = Too many requests
error-too_many-meaning = { $seconds ->
    [one] Wait { $seconds } second, then try again. Nothing was changed.
   *[other] Wait { $seconds } seconds, then try again. Nothing was changed.
}
error-sign_in_link-title = This app’s sign-in link is not set up correctly
error-sign_in_link-meaning = You have done nothing wrong, and nothing was shared with the app. The people who run the app have to correct it.
error-ours-title = Something went wrong on our side
error-ours-meaning = It is not your fault, and nothing was changed. The reason has been recorded under the reference below.
error-unavailable-title = This server is not ready at the moment
error-unavailable-meaning = { $seconds ->
    [one] It should be back soon. Try again in { $seconds } second. Nothing was changed.
   *[other] It should be back soon. Try again in { $seconds } seconds. Nothing was changed.
}

host-title = This server goes by another name
host-meaning = You reached it under a name that is not its own, so signing in would not work here.
host-is = This server is
host-came = You came as
host-go = Continue to { $host }
host-operator = I run this server
host-proxy = If a proxy stands in front, let it pass on the host name that people type, and list its address in http.trusted_proxies.
host-config = If the name you came by is the right one, set it in carnet.toml and restart:
host-config-label = Line for carnet.toml
host-care = Tokens carry the issuer. Changing it makes tokens that were issued before invalid.

## The start page

home-title = Authorization server
home-lead = This server issues tokens with OAuth 2.0 and OpenID Connect, for people, apps and service accounts.
home-issuer = Issuer
home-issuer-hint = Give this address to a library that asks for an issuer. It finds the rest by itself.
home-endpoints = Endpoints
home-errors = When something is refused
home-errors-lead = Each refusal names a code, and each code has a page that says what happened and how to fix it.
endpoint-discovery = OpenID Connect discovery
endpoint-authorization_server = OAuth 2.0 server metadata
endpoint-jwks = Public keys (JWKS)
endpoint-google_certs = Public keys, as Google’s libraries look for them
endpoint-token = Tokens
endpoint-introspection = Token introspection
endpoint-revocation = Token revocation
endpoint-token_info = What a token says
endpoint-admin = Admin API
endpoint-open_api = Admin API, described in OpenAPI
endpoint-demo = Demo API

## Setting up

setup-form-title = Set up this server
setup-form-lead = Four answers make the first organization, its first project, and the service account that administers them.
setup-problem-title = Check your answers
setup-summary = { $count ->
    [one] One answer needs a change
   *[other] { $count } answers need a change
}
setup-organization = Organization
setup-organization-hint = Its name, as people know it.
setup-organization-missing = Enter the name of the organization.
setup-organization-too_long = Shorten the name of the organization to { $most } characters at most.
setup-organization-malformed = Write the name of the organization in letters, digits and ordinary punctuation.
setup-organization-taken = There is an organization of this name already. Choose another name.
setup-domain = Domain
setup-domain-hint = The part after the @ in your people’s email addresses, for example acme.example.
setup-domain-missing = Enter the domain of the organization.
setup-domain-too_long = Shorten the domain to { $most } characters at most.
setup-domain-malformed = Enter only the domain, for example acme.example, without https:// and without @.
setup-domain-taken = This domain belongs to an organization already. Enter another domain.
setup-project = Project ID
setup-project-hint = Small letters, digits and hyphens, for example billing. It becomes part of the email addresses of service accounts and cannot be changed later.
setup-project-missing = Enter an ID for the first project.
setup-project-too_long = Shorten the project ID to { $most } characters at most.
setup-project-malformed = Write the project ID in small letters, digits and hyphens. It begins with a letter and does not end with a hyphen.
setup-project-taken = There is a project of this ID already. Choose another one.
setup-email = Your email address
setup-email-hint = You become the first administrator.
setup-email-missing = Enter your email address.
setup-email-too_long = Shorten the email address to { $most } characters at most.
setup-email-malformed = Enter an email address of your domain, for example dana@acme.example.
setup-email-taken = There is a user with this address already. Enter another address.
setup-submit = Set up
setup-once = This link works once. The next page holds a key file that is shown only there.
setup-done-title = This server is set up
setup-done-lead = You are its first administrator.
setup-account = Service account
setup-key-title = Keep the key file now
setup-key-lead = This is the only copy. It administers the whole server and is not stored here. When you leave this page, it is gone.
setup-key-download = Download { $file }
setup-key-show = Show the key file
setup-next = Next, in a terminal
setup-used-title = This setup link was used already
setup-used-meaning = The server has an administrator. If that was not you, find out who it was before anything else.
setup-used-fix = An administrator can add more people and service accounts with the command line tool.
setup-expired-title = This setup link does not work any more
setup-expired-meaning = Setup links are valid for a short time only. Nothing was changed.
setup-expired-fix = Restart the server: it prints a new link on every start until there is an administrator.

## The sandbox

dev-nav = Sandbox
dev-overview = Overview
dev-requests = Requests
dev-mail = Mail
dev-clock = Clock
dev-faults = Faults
dev-overview-title = Sandbox
dev-overview-lead = Everything here is ready to use and public, secrets included. Every key, code and secret is checked as in production.
dev-try = Try it
dev-accounts = Service accounts
dev-accounts-empty = No service accounts. Add one to the seed file, or create it with the admin API.
dev-users = Users
dev-users-empty = No users. Add them to the seed file, or create them with the admin API.
dev-clients = Apps
dev-seeded = Organization and project
dev-organization = Organization
dev-project = Project
dev-requests-title = Requests
dev-requests-lead = { $kept ->
    [one] The last request, without bodies and query strings.
   *[other] The last { $kept } requests at most, newest first, without bodies and query strings.
}
dev-requests-empty = Nothing has come in yet. Send a request, then reload this page.
dev-mail-title = Mail
dev-mail-lead = Mail that this server sends lands here and goes nowhere else.
dev-mail-empty = No mail has been sent yet.
mail-to = To
dev-clock-title = Clock
dev-clock-lead = Move the server’s clock to see tokens and keys expire. Your machine’s clock stays as it is.
dev-clock-now = The server’s time
dev-clock-offset = Compared with real time
dev-clock-real = The same
dev-clock-ahead = { $seconds ->
    [one] { $seconds } second ahead
   *[other] { $seconds } seconds ahead
}
dev-clock-behind = { $seconds ->
    [one] { $seconds } second behind
   *[other] { $seconds } seconds behind
}
dev-clock-field = Difference to real time
dev-clock-hint = A number with s, m, h or d and a sign in front, for example +65m or -1h. 0 returns to real time.
dev-clock-problem = That difference was not understood. Write it like +65m, -1h or 0.
dev-clock-set = Set the clock
dev-clock-hour = One hour ahead
dev-clock-day = One day ahead
dev-clock-reset = Real time
dev-faults-title = Faults
dev-faults-lead = Force an error on the next token requests, to see how your program takes it.
dev-faults-active = Forced now
dev-faults-none = Nothing is forced. Requests are answered as they deserve.
dev-faults-left = Times left
dev-faults-clear = Force nothing
dev-faults-code = Error to force
dev-faults-times = How many times
dev-faults-times-hint = 1 to { $most }
dev-faults-problem = There is no such code:
dev-faults-force = Force it

demo-title = Demo API
demo-lead = A small protected API with invoices in it. Call it with a token of this server to see the whole way once.
demo-url = Address
demo-discovery = Description for Google’s client libraries
demo-scopes = Scopes
demo-opens = Opens

## A trace

explain-title = Trace { $trace }
explain-accepted = The request was accepted
explain-refused = The request was refused
explain-fault = The request failed on our side
explain-saw = What we saw
explain-why = Why
explain-fix = What helps
explain-related = What belongs to it
explain-this = Explain
