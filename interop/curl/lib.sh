# What the cases are made of: JSON without jq, JWT with openssl, requests with curl, and the count.

passed=0
failed=0
skipped=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# --- JSON, as far as it is needed here ------------------------------------------------------------

# member NAME: the first value of a member with this name, a string or a number, of the JSON on stdin.
member() {
  tr -d '\n' | sed -n -E "s/.*\"$1\" *: *(\"(([^\"\\\\]|\\\\.)*)\"|(-?[0-9]+|true|false|null)).*/\2\4/p" | head -n 1
}

# unescape: what the escapes in a JSON string stand for, as far as a PEM text has them.
unescape() {
  sed 's/\\n/\
/g'
}

# --- JWT --------------------------------------------------------------------------------------------

b64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
unb64url() {
  local text
  text=$(tr '_-' '/+')
  while [ $((${#text} % 4)) -ne 0 ]; do text+='='; done
  printf %s "$text" | openssl base64 -d -A
}

# sign KEY HEADER CLAIMS: a JWT, as the seed's document describes it.
sign() {
  local input
  input=$(printf %s "$2" | b64url).$(printf %s "$3" | b64url)
  printf %s.%s "$input" "$(printf %s "$input" | openssl dgst -sha256 -sign "$1" -binary | b64url)"
}

# key_of FILE: writes the private key of a key file beside it, and prints where.
key_of() {
  member private_key <"$1" | unescape >"$1.pem"
  printf %s "$1.pem"
}

# claims_of JWT: the JSON in the middle.
claims_of() { printf %s "$1" | cut -d. -f2 | unb64url; }
header_of() { printf %s "$1" | cut -d. -f1 | unb64url; }

# --- Requests ---------------------------------------------------------------------------------------

# ask ARGS…: curl. Leaves $status, $body and $headers (names in lower case).
ask() {
  status=$(curl --silent --show-error --max-time 20 --output "$work/body" --dump-header "$work/headers" \
    --write-out '%{http_code}' "$@")
  body=$(cat "$work/body")
  headers=$(tr -d '\r' <"$work/headers" | sed -E 's/^([^:]*):/\L\1:/')
}

# header NAME: its value in the last answer.
header() { printf '%s\n' "$headers" | sed -n -E "s/^$1: *//p" | tail -n 1; }

# challenge SCHEME: the challenge of this scheme in the last answer (RFC 9110 11.6.1: an answer may have several).
challenge() { printf '%s\n' "$headers" | sed -n -E "s/^www-authenticate: *($1 .*)/\1/p" | tail -n 1; }

grant='urn:ietf:params:oauth:grant-type:jwt-bearer'

# redeem ASSERTION [ARGS…]: the seed's raw POST.
redeem() {
  local assertion=$1
  shift
  ask --data-urlencode "grant_type=$grant" --data-urlencode "assertion=$assertion" "$@" "$issuer/token"
}

# --- The count --------------------------------------------------------------------------------------

# case_of NAME FUNCTION: runs one case. It ends with the first assertion, or command, that fails; with 69 it left itself out.
case_of() {
  local said outcome
  set +e
  said=$(
    set -e
    "$2" 2>&1
  )
  outcome=$?
  set -e
  if [ "$outcome" -eq 0 ]; then
    passed=$((passed + 1))
    echo "ok   $1"
  elif [ "$outcome" -eq 69 ]; then
    skipped=$((skipped + 1))
    echo "skipped: $1"
    printf '%s\n' "$said" | sed 's/^/     /'
  else
    failed=$((failed + 1))
    echo "FAIL $1"
    printf '%s\n' "$said" | sed 's/^/     /'
  fi
}

fail() {
  printf '%s\n' "$*"
  printf 'the last answer: %s\n%s\n%s\n' "${status:-}" "${headers:-}" "${body:-}"
  exit 1
}

is() { [ "$2" = "$3" ] || fail "$1 is '$2', expected '$3'"; }
has() { [[ $2 == *"$3"* ]] || fail "$1 is '$2', expected it to hold '$3'"; }
begins() { [[ $2 == "$3"* ]] || fail "$1 is '$2', expected it to begin '$3'"; }
present() { [ -n "$2" ] || fail "there is no $1"; }
at_least() { [ "$2" -ge "$3" ] || fail "$1 is $2, expected at least $3"; }

# refused STATUS ERROR SENTENCE CODE: all of it, of the last answer.
refused() {
  is status "$status" "$1"
  is error "$(printf %s "$body" | member error)" "$2"
  begins error_description "$(printf %s "$body" | member error_description)" "${3:+$3 }CRN-$4: "
  is error_uri "$(printf %s "$body" | member error_uri)" "$issuer/e/CRN-$4"
  present trace_id "$(printf %s "$body" | member trace_id)"
  begins content-type "$(header content-type)" application/json
  has cache-control "$(header cache-control)" no-store
}

# granted: an access token came.
granted() {
  is status "$status" 200
  present access_token "$(printf %s "$body" | member access_token)"
  is token_type "$(printf %s "$body" | member token_type)" Bearer
}
