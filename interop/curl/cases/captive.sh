# Google's names, held (google-wire 0.2, 12: X and S, 13): by the proxy, and by --connect-to.

ca_file=$(printf %s "$ready" | member ca_file)
proxy=$(printf %s "$ready" | member proxy)
held=$(printf %s "$ready" | member https)
port=${held##*:}

# The environment of whoever runs this is not asked.
through() { ask --noproxy '' --proxy "$proxy" --cacert "$ca_file" "$@"; }

the_proxy_leads_to_us() {
  through --data-urlencode "grant_type=$grant" --data-urlencode "assertion=$(asserted)" https://oauth2.googleapis.com/token
  granted
  through --data-urlencode "grant_type=$grant" --data-urlencode "assertion=$(asserted)" https://www.googleapis.com/oauth2/v4/token
  granted
  through "https://www.googleapis.com/oauth2/v3/certs"
  is status "$status" 200
  through https://accounts.google.com/.well-known/openid-configuration
  is issuer "$(printf %s "$body" | member issuer)" "$issuer"
}

names_are_pointed_at_us() {
  local name
  for name in oauth2.googleapis.com sts.mtls.googleapis.com accounts.google.com www.gstatic.com auth.cloud.google; do
    ask --noproxy '*' --cacert "$ca_file" --connect-to "$name:443:127.0.0.1:$port" "https://$name/jwks"
    is status "$status" 200
  done
  ask --noproxy '*' --cacert "$ca_file" --http1.1 "https://127.0.0.1:$port/jwks"
  is status "$status" 200
}

others_are_not() {
  local target code
  # curl gives 56 where a proxy refuses a tunnel, 35 where a handshake fails.
  for target in https://example.com/ https://oauth2.googleapis.com:8443/ "$held/jwks"; do
    code=$(curl -s -o /dev/null -w '%{http_connect}' --noproxy '' --proxy "$proxy" --cacert "$ca_file" "$target" || true)
    is "the answer for $target" "$code" 403
  done
  if curl -s -o /dev/null --cacert "$ca_file" --connect-to "example.com:443:127.0.0.1:$port" https://example.com/; then
    fail 'a name that is not held was certified'
  fi
  ask --noproxy '*' --cacert "$ca_file" --header 'Host: example.com' "$held/jwks"
  is status "$status" 421
  has body "$body" CRN-5010
  ask --noproxy '' --proxy "$proxy" http://example.com/
  is status "$status" 400
  has body "$body" CRN-5011
}

authority() {
  local text
  [ "$(grep -c PRIVATE "$ca_file")" = 0 ] || fail 'there is a key in it'
  text=$(openssl x509 -in "$ca_file" -noout -text)
  has constraints "$text" 'X509v3 Name Constraints: critical'
  has constraints "$text" 'DNS:googleapis.com'
  has 'what it is' "$text" 'CA:TRUE, pathlen:0'
  text=$(openssl s_client -connect "127.0.0.1:$port" -servername iam.googleapis.com -CAfile "$ca_file" -verify_return_error \
    </dev/null 2>/dev/null | openssl x509 -noout -text)
  has names "$text" 'DNS:iam.googleapis.com, DNS:localhost, IP Address:127.0.0.1'
  has usage "$text" 'TLS Web Server Authentication'
  has 'what it is' "$text" 'CA:FALSE'
}

case_of "O9: the seed's POST at Google's addresses, through the proxy" the_proxy_leads_to_us
case_of '0.2: names that are pointed to the listener (--connect-to)' names_are_pointed_at_us
case_of '0.2: other names, other ports, other hosts' others_are_not
case_of '13: what the authority may certify, and what it certifies' authority
