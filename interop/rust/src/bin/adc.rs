//! A program that knows nothing but its environment: prints the token that gcp_auth finds for the scope it is given.

use std::env;
use std::error::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let scope = env::args().nth(1).ok_or("usage: adc SCOPE")?;
    let provider = gcp_auth::provider().await?;
    println!("{}", provider.project_id().await?);
    println!("{}", provider.token(&[&scope]).await?.as_str());
    Ok(())
}
