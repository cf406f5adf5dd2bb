# The lines of the README, as they are printed there, but for the port.

readme=../../README.md

# readme_lines FROM TO: the indented lines between two lines that begin so.
readme_lines() {
  sed -n "/^$1/,/^$2/s/^    //p" "$readme" | sed "s#http://127.0.0.1:8080#$issuer#g"
}

token_and_curl() {
  local commands said
  commands=$(readme_lines 'The sandbox prints' 'A person signs in')
  has 'the README' "$commands" 'carnet token '
  has 'the README' "$commands" 'curl '
  # Where the server made its folder carnet-dev.
  cd "$(dirname "$(dirname "$ci_file")")"
  said=$(PATH=$(dirname "$CARNET_BIN"):$PATH bash -euo pipefail -c "$commands" 2>"$work/said") \
    || fail "$commands: $(cat "$work/said")"
  begins 'the first line' "$said" eyJ
  has 'the last line' "$(printf %s "$said" | tail -n 1)" '"invoices":'
}

# A person's sign-in at the command line: the browser that it opens is ours.
person() {
  local commands said
  commands=$(readme_lines 'A person signs in' 'An OAuth client gets')
  has 'the README' "$commands" 'carnet login '
  local here=$PWD
  cd "$(dirname "$(dirname "$ci_file")")"
  said=$(BROWSER=$here/browser.sh CARNET_CONFIG_DIR=$work/contexts PATH=$(dirname "$CARNET_BIN"):$PATH \
    timeout 60 bash -euo pipefail -c "$commands" 2>"$work/said") || fail "$commands: $said $(cat "$work/said")"
  has 'the list of accounts' "$said" "$ci"
}

client() {
  local commands said
  commands=$(readme_lines 'An OAuth client gets' 'The same as')
  has 'the README' "$commands" 'curl '
  said=$(bash -euo pipefail -c "$commands")
  present access_token "$(printf %s "$said" | member access_token)"
}

# The example of a refusal: the command as it is printed, and each member up to the dots.
refusal() {
  local example command said
  example=$(readme_lines 'When something is refused' '## ')
  command=$(printf '%s\n' "$example" | sed -n 's/^\$ \(curl .*\)/\1/p' | head -n 1)
  present 'command in the README' "$command"
  said=$(bash -euo pipefail -c "$command")
  local name printed
  for name in error error_description error_uri; do
    printed=$(printf %s "$example" | member "$name")
    present "$name in the README" "$printed"
    begins "$name" "$(printf %s "$said" | member "$name")" "${printed%%...*}"
  done
}

case_of 'README carnet token and curl' token_and_curl
case_of 'README a person signs in at the command line' person
case_of 'README a client and curl' client
case_of 'README the example of a refusal' refusal
