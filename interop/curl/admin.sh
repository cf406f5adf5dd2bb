# The few calls of the admin API that the cases need to bring an account into a state.

admin_token=$(member admin_token <"$CARNET_READY_FILE")

admin() {
  local method=$1 path=$2
  shift 2
  admin_of "projects/$project/service-accounts" "$method" "$path" "$@"
}

# admin_of WHERE METHOD PATH [ARGS…]: any call of the admin API.
admin_of() {
  local where=$1 method=$2 path=$3
  shift 3
  ask --request "$method" --header "Authorization: Bearer $admin_token" --header 'Content-Type: application/json' \
    "$@" "$issuer/admin/v1/$where$path"
  [ "${status:0:1}" = 2 ] || fail "$method $where$path"
}

# new_organization: makes one with a domain and two users; leaves $organization (its path), $ann and $ben.
new_organization() {
  local domain email
  domain=$(openssl rand -hex 6).example
  ann=ann@$domain
  ben=ben@$domain
  admin_of organizations POST "" --data "{\"title\":\"$domain\"}"
  organization=organizations/$(printf %s "$body" | member id)
  admin_of "$organization" POST /domains --data "{\"name\":\"$domain\"}"
  for email in "$ann" "$ben"; do
    admin_of "$organization" POST /users --data "{\"email\":\"$email\"}"
  done
}

# delegate FILE WHOM [MORE]: lets the account of this key file read as these people; leaves $delegation.
delegate() {
  local client
  client=$(member client_email <"$1")
  admin_of "$organization" POST /delegations \
    --data "{\"client\":\"$client\",\"scopes\":\"$read\",\"whom\":$2${3:-}}"
  delegation=$(printf %s "$body" | member id)
}

# move_clock OFFSET: the server's clock, +120s or 0.
move_clock() {
  ask --data-urlencode "offset=$1" "$issuer/dev/clock"
  is status "$status" 200
}

# new_account NAME: makes an account whose name begins so, with one key; prints where the key file is.
new_account() {
  local id
  id=$1-$(openssl rand -hex 4)
  admin POST "" --data "{\"account_id\":\"$id\",\"display_name\":\"$1\"}"
  new_key "$(printf %s "$body" | member email)"
}

# new_key EMAIL: makes one more key; prints where the key file is.
new_key() {
  local file
  file=$(mktemp "$work/key-XXXXXX")
  admin POST "/$1/keys" --data '{"format":"google"}'
  printf %s "$body" | member private_key_data | openssl base64 -d -A >"$file"
  printf %s "$file"
}

key_path() { printf '/%s/keys/%s' "$(member client_email <"$1")" "$(member private_key_id <"$1")"; }
disable_account() { admin POST "/$(member client_email <"$1"):disable" --data '{}'; }
disable_key() { admin POST "$(key_path "$1"):disable" --data '{}'; }
delete_key() { admin DELETE "$(key_path "$1")"; }
