//! A program that knows nothing but its environment: prints the token that google-cloud-auth finds for the scope it is
//! given.

use std::env;
use std::error::Error;

use google_cloud_auth::credentials::Builder;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let scope = env::args().nth(1).ok_or("usage: machine SCOPE")?;
    let credentials = Builder::default()
        .with_scopes([scope])
        .build_access_token_credentials()?;
    println!("{}", credentials.access_token().await?.token);
    Ok(())
}
