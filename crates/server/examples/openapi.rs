//! Prints the OpenAPI document of the admin API, which `docs/openapi.json` holds:
//! `cargo run -p carnet-server --example openapi > docs/openapi.json`.

use std::io::Write as _;

fn main() -> std::io::Result<()> {
    std::io::stdout().write_all(carnet_server::admin::openapi().as_bytes())
}
