#!/usr/bin/env bash
# A person with a browser that is curl: opens the address, signs in as Alice, allows everything that is asked, and goes where the
# server sends it. `BROWSER` names it to programs that open one. Where a second address is given, at which nobody answers, it
# prints what follows there instead of going.
set -euo pipefail

jar=$(mktemp)
said=$(mktemp)
trap 'rm -f "$jar" "$said"' EXIT
address=$1
stop=${2:-}
origin=$(printf %s "$address" | sed -E 's#^([a-z]+://[^/]+).*#\1#')

browse() {
  local outcome=0
  curl --silent --show-error --max-time 20 --location --cookie "$jar" --cookie-jar "$jar" --header "Origin: $origin" \
    --write-out '%{stderr}%{url_effective}\n' "$@" 2>"$said" || outcome=$?
  # 7: nobody answers.
  if [ "$outcome" -ne 0 ] && ! { [ -n "$stop" ] && [ "$outcome" -eq 7 ]; }; then
    cat "$said" >&2
    return "$outcome"
  fi
}

plain() { sed -e 's/&#x2f;/\//g' -e "s/&#x27;/'/g" -e 's/&quot;/"/g' -e 's/&lt;/</g' -e 's/&gt;/>/g' -e 's/&amp;/\&/g'; }

# attribute NAME: its value in the tag on stdin.
attribute() { sed -n -E "s/.* $1=\"([^\"]*)\".*/\1/p" | plain; }

page=$(browse "$address")
for _ in 1 2 3; do
  form=$(printf %s "$page" | tr '\n' ' ' | sed 's#</form>#\n#g' | sed 's/.*<form/<form/' | grep -E 'name="(password|decision)"' | head -n 1) || break
  sent=(--data-urlencode decision=allow)
  while read -r input; do
    name=$(printf %s "$input" | attribute name)
    case $name in
      email) value=alice@example.com ;;
      password) value=alice ;;
      *) value=$(printf %s "$input" | attribute value) ;;
    esac
    sent+=(--data-urlencode "$name=$value")
  done < <(printf '%s\n' "$form" | grep -o '<input[^>]*>')
  action=$(printf %s "$form" | grep -o '<form[^>]*>' | attribute action)
  case $action in /*) action=$origin$action ;; esac
  page=$(browse "${sent[@]}" "$action")
done
if [ -n "$stop" ]; then
  at=$(tail -n 1 "$said")
  case $at in "$stop"*) printf '%s\n' "$at" ;; *) echo "it ended at $at" >&2 && exit 1 ;; esac
fi
