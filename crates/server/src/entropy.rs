//! Where chance comes from: the generator of aws-lc, as an argument for decisions.

use carnet_core::value::Entropy;
use carnet_jose::entropy;

/// The system's generator, as an argument for decisions.
///
/// It cannot fail after start: the generator was seeded, and aws-lc reseeds it by itself. Should it
/// fail all the same, the process ends, since there is nothing safe to go on with.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&mut self, bytes: &mut [u8]) {
        if entropy::fill_random(bytes).is_err() {
            std::process::abort();
        }
    }
}
