# The few calls of the admin API that the cases need to bring an account into a state.

admin_token=$(member admin_token <"$CARNET_READY_FILE")

admin() {
  local method=$1 path=$2
  shift 2
  ask --request "$method" --header "Authorization: Bearer $admin_token" --header 'Content-Type: application/json' \
    "$@" "$issuer/admin/v1/projects/$project/service-accounts$path"
  [ "${status:0:1}" = 2 ] || fail "$method $path"
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
