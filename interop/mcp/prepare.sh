#!/usr/bin/env bash
# What the suite needs besides its packages, in $CARNET_WORK:
# - the sample server, built next to the carnet that is tested
# - a free port for it (`port`), and the sandbox's own seed with that port in the server's name (`seed.toml`)
# - a certificate for localhost (`localhost.pem`, `localhost-key.pem`) and who vouches for it (`ca.pem`)
set -euo pipefail

root=$(cd ../.. && pwd)
built=$(dirname "$CARNET_BIN")
profile=$(basename "$built")
CARGO_TARGET_DIR=$(dirname "$built") cargo build --quiet --locked --manifest-path "$root/Cargo.toml" \
  --profile "${profile/#debug/dev}" --package carnet-resource --example mcp_server

cd "$CARNET_WORK"
node --eval 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })' > port
sed "s#127\.0\.0\.1:8090#127.0.0.1:$(cat port)#" "$root/crates/carnet/src/dev/seed.toml" > seed.toml

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=Carnet interop" \
  -addext "keyUsage=critical,keyCertSign" -keyout ca-key.pem -out ca.pem 2> openssl.log
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=localhost" \
  -keyout localhost-key.pem -out localhost.csr 2>> openssl.log
openssl x509 -req -in localhost.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 2 \
  -extfile <(printf 'subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n') -out localhost.pem 2>> openssl.log
