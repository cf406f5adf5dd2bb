# O6, O10: keys.

# The rest of a key's name.
kid_of() { printf %s "$1" | sed -E 's#.*/##'; }

makes_a_key() {
  cloud "${accounts[@]}" keys create "$work/robot.json" --iam-account="$robot"
  is client_email "$(member client_email <"$work/robot.json")" "$robot"
  redeem "$(sign "$(key_of "$work/robot.json")" '{"alg":"RS256","typ":"JWT"}' \
    "{\"iss\":\"$robot\",\"scope\":\"$cloud_scope\",\"aud\":\"$issuer/token\",\"iat\":$(date +%s),\"exp\":$(($(date +%s) + 600))}")"
  granted
}
case_of "O6 gcloud iam service-accounts keys create: the file gets a token" makes_a_key

activates_that_key() {
  CLOUDSDK_CONFIG=$work/robots cloud auth activate-service-account --key-file="$work/robot.json"
  CLOUDSDK_CONFIG=$work/robots cloud auth print-access-token
  present token "$said"
}
case_of "O6 the key that gcloud made is activated" activates_that_key

makes_a_p12() {
  cloud "${accounts[@]}" keys create "$work/robot.p12" --iam-account="$robot" --key-file-type=p12
  openssl pkcs12 -in "$work/robot.p12" -passin pass:notasecret -nodes -nocerts 2>/dev/null | grep -q 'PRIVATE KEY' ||
    fail "openssl does not open it"
}
case_of "O10 a P12 key opens with notasecret" makes_a_p12

activates_the_p12() {
  # Such a key tells no token_uri: gcloud asks Google's name.
  export CLOUDSDK_CONFIG=$work/older
  at_googles_names
  cloud auth activate-service-account "$robot" --key-file="$work/robot.p12" --password-file=<(printf notasecret)
  cloud auth print-access-token
  ask "$issuer/tokeninfo?access_token=$said"
  is email "$(printf %s "$body" | member email)" "$robot"
}
case_of "O10 gcloud activates the P12 key" activates_the_p12

lists_keys() {
  cloud "${accounts[@]}" keys list --iam-account="$robot" --managed-by=user --format='value(name)'
  is "number of keys" "$(printf '%s\n' "$said" | wc -l)" 2
}
case_of "O6 gcloud iam service-accounts keys list" lists_keys

uploads() {
  local kid
  openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=robot -keyout "$work/own.pem" -out "$work/own.crt" 2>/dev/null
  cloud "${accounts[@]}" keys upload "$work/own.crt" --iam-account="$robot" --format='value(name,keyOrigin)'
  has key "$said" USER_PROVIDED
  kid=$(kid_of "$(printf %s "$said" | cut -f1)")
  cloud beta "${accounts[@]}" keys get-public-key "$kid" --iam-account="$robot" --output-file="$work/public.pem"
  has "the public key" "$(cat "$work/public.pem")" 'BEGIN'
  cloud "${accounts[@]}" keys delete "$kid" --iam-account="$robot"
}
case_of "O6 gcloud iam service-accounts keys upload, get-public-key and delete" uploads

disables_a_key() {
  local kid
  kid=$(member private_key_id <"$work/robot.json")
  cloud "${accounts[@]}" keys disable "$kid" --iam-account="$robot"
  cloud "${accounts[@]}" keys list --iam-account="$robot" --filter='disabled:true' --format='value(name)'
  is "the disabled key" "$(kid_of "$said")" "$kid"
  CLOUDSDK_CONFIG=$work/robots refuses "Invalid JWT Signature" auth activate-service-account --key-file="$work/robot.json"
  cloud "${accounts[@]}" keys enable "$kid" --iam-account="$robot"
  CLOUDSDK_CONFIG=$work/robots cloud auth activate-service-account --key-file="$work/robot.json"
}
case_of "O6 gcloud iam service-accounts keys disable and enable" disables_a_key

has_ten_keys() {
  local made
  for made in 3 4 5 6 7 8 9 10; do new_key "$robot" >/dev/null; done
  refuses "Maximum number of keys on account reached." "${accounts[@]}" keys create "$work/eleventh.json" --iam-account="$robot"
}
case_of "O6 the eleventh key" has_ten_keys
