//! Prints an access token for a key file, or says why there is none.
//!
//! ```text
//! cargo run -p carnet-client --example token -- key.json SCOPE [SCOPE…]
//! curl -H "Authorization: Bearer $(…)" https://api.example/v1/invoices
//! ```

use std::process::ExitCode;

use carnet_client::Error;
use carnet_client::ServiceAccount;

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let Some((key_file, scopes)) = words.split_first() else {
        eprintln!("usage: token KEY_FILE SCOPE [SCOPE...]");
        return ExitCode::from(2);
    };
    match token(key_file, scopes).await {
        Ok(token) => {
            println!("{token}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn token(key_file: &str, scopes: &[String]) -> Result<String, Error> {
    let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
    let account = ServiceAccount::from_file(key_file)?.scoped(&scopes)?;
    let token = account.token().await?;
    Ok(token.value().reveal().to_owned())
}
