//! The one edge to the machine's randomness.
//!
//! Rules take entropy as an argument; the programs at the edges fill it here. Key generation and
//! the nonces of [`crate::seal`] use the same generator inside.

use aws_lc_rs::rand;

/// The system gave no random bytes. Nothing can be made without them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the system's random generator failed")]
pub struct NoEntropy;

/// Fills the buffer with random bytes fit for keys.
pub fn fill_random(buffer: &mut [u8]) -> Result<(), NoEntropy> {
    rand::fill(buffer).map_err(|_| NoEntropy)
}

/// An array of random bytes.
pub fn random<const N: usize>() -> Result<[u8; N], NoEntropy> {
    let mut bytes = [0; N];
    fill_random(&mut bytes)?;
    Ok(bytes)
}
