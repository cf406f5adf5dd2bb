# The newer grants and requests by hand: RFC 8628, 9126, 8693, 7591, 9449.

service=demo-service:demo-service-secret

device_asks() {
  ask --data client_id=demo-tv --data-urlencode "scope=$read" "$issuer/device_authorization"
  is status "$status" 200
  is verification_uri "$(printf %s "$body" | member verification_uri)" "$issuer/device"
  local code
  code=$(printf %s "$body" | member device_code)
  ask --data client_id=demo-tv --data-urlencode 'grant_type=urn:ietf:params:oauth:grant-type:device_code' \
    --data-urlencode "device_code=$code" "$issuer/token"
  is status "$status" 400
  is error "$(printf %s "$body" | member error)" authorization_pending
}

request_is_pushed() {
  local challenge name
  challenge=$(openssl rand -hex 32 | openssl dgst -sha256 -binary | b64url)
  ask --user "$web" --data response_type=code --data-urlencode 'redirect_uri=http://127.0.0.1:53682/callback' \
    --data-urlencode "scope=openid $read" --data "code_challenge=$challenge" --data code_challenge_method=S256 "$issuer/par"
  is status "$status" 201
  is expires_in "$(printf %s "$body" | member expires_in)" 60
  name=$(printf %s "$body" | member request_uri)
  begins request_uri "$name" urn:ietf:params:oauth:request_uri:
  ask --get --data client_id=demo-web --data-urlencode "request_uri=$name" "$issuer/authorize"
  # Nobody is signed in: the browser is sent to sign in.
  is 'status of the page' "${status:0:1}" 3
  ask --get --data client_id=demo-spa --data-urlencode "request_uri=$name" "$issuer/authorize"
  is 'status for another client' "$status" 400
  has 'the page' "$body" CRN-1215
}

token_is_exchanged() {
  local token
  ask --user "$service" --data grant_type=client_credentials --data-urlencode "scope=$read" "$issuer/token"
  granted
  token=$(printf %s "$body" | member access_token)
  ask --user "$service" --data-urlencode 'grant_type=urn:ietf:params:oauth:grant-type:token-exchange' \
    --data-urlencode "subject_token=$token" --data-urlencode 'audience=https://demo.carnet.dev' \
    --data-urlencode 'subject_token_type=urn:ietf:params:oauth:token-type:access_token' "$issuer/token"
  granted
  is issued_token_type "$(printf %s "$body" | member issued_token_type)" urn:ietf:params:oauth:token-type:access_token
}

client_registers() {
  local address token
  ask --header 'Content-Type: application/json' "$issuer/register" \
    --data '{"client_name":"By hand","redirect_uris":["http://127.0.0.1/callback"],"token_endpoint_auth_method":"none"}'
  is status "$status" 201
  address=$(printf %s "$body" | member registration_client_uri)
  token=$(printf %s "$body" | member registration_access_token)
  ask --header "Authorization: Bearer $token" "$address"
  is client_name "$(printf %s "$body" | member client_name)" 'By hand'
  ask --request DELETE --header "Authorization: Bearer $token" "$address"
  is 'status of the deletion' "$status" 204
}

# proof METHOD URL [MORE]: a proof of the key in $work/dpop.pem (RFC 9449 4.2), with more claims.
proof() {
  local point key input signature
  point=$(openssl pkey -in "$work/dpop.pem" -pubout -outform DER | tail -c 64 | od -An -tx1 -v | tr -d ' \n')
  key="{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"$(bytes "${point:0:64}" | b64url)\",\"y\":\"$(bytes "${point:64:64}" | b64url)\"}"
  input=$(printf '{"typ":"dpop+jwt","alg":"ES256","jwk":%s}' "$key" | b64url).$(printf '{"htm":"%s","htu":"%s","iat":%s,"jti":"%s"%s}' \
    "$1" "$2" "$(date +%s)" "$(openssl rand -hex 12)" "${3-}" | b64url)
  # openssl writes two numbers in DER; JWS wants them side by side (RFC 7518 3.4).
  signature=$(printf %s "$input" | openssl dgst -sha256 -sign "$work/dpop.pem" -binary | openssl asn1parse -inform DER \
    | sed -n -E 's/.*INTEGER *:([0-9A-F]*)$/\1/p' | while read -r number; do printf '%064s' "${number#00}" | tr ' ' 0; done)
  printf %s.%s "$input" "$(bytes "$signature" | b64url)"
}

# bytes HEX: what the digits stand for.
bytes() { printf %b "$(printf %s "$1" | sed 's/../\\x&/g')"; }

token_of_a_key() {
  local token hash
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$work/dpop.pem" 2>/dev/null
  ask --user "$web" --header "DPoP: $(proof POST "$issuer/token")" --data grant_type=client_credentials "$issuer/token"
  is status "$status" 200
  is token_type "$(printf %s "$body" | member token_type)" DPoP
  token=$(printf %s "$body" | member access_token)
  hash=$(printf %s "$token" | openssl dgst -sha256 -binary | b64url)
  ask --header "Authorization: DPoP $token" --header "DPoP: $(proof GET "$invoices" ",\"ath\":\"$hash\"")" "$invoices"
  is 'status of the API' "$status" 200
  ask --header "Authorization: Bearer $token" "$invoices"
  is 'status as a bearer token' "$status" 401
}

case_of 'RFC 8628 a device asks, and waits' device_asks
case_of 'RFC 9126 a request is pushed' request_is_pushed
case_of 'RFC 8693 a token is exchanged' token_is_exchanged
case_of 'RFC 7591, RFC 7592 a client registers, reads its record, and deletes it' client_registers
case_of 'RFC 9449 a token of a key' token_of_a_key
