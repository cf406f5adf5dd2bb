//! Randomness as an argument.

/// Where random bytes come from. The edges pass the system's generator; tests pass [`Counting`].
pub trait Entropy: Send {
    /// Fills the buffer.
    fn fill(&mut self, bytes: &mut [u8]);
}

/// Bytes that count upwards: for tests, and never for anything else.
#[derive(Debug, Default)]
pub struct Counting(pub u64);

impl Entropy for Counting {
    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            self.0 = self.0.wrapping_add(1);
            let next = self.0.to_be_bytes();
            chunk.copy_from_slice(next.get(8 - chunk.len()..).unwrap_or(&next));
        }
    }
}
