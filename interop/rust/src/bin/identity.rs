//! A program that knows nothing but its environment: prints the ID token that google-cloud-auth finds for the audience it is
//! given.

use std::env;
use std::error::Error;

use google_cloud_auth::credentials::idtoken::Builder;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let audience = env::args().nth(1).ok_or("usage: identity AUDIENCE")?;
    let credentials = Builder::new(audience).with_include_email().build()?;
    println!("{}", credentials.id_token().await?);
    Ok(())
}
