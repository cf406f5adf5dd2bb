//! Which RSA public keys are good enough.
//!
//! 1. The modulus has 2048 to 4096 bits (RFC 7518 §3.3 asks for 2048 or more; verifying costs grow
//!    with the square, so a stranger's key has an upper bound too) and is odd.
//! 2. The exponent is odd, at least 3 and fits 32 bits. With `e = 1` a "signature" is the padded
//!    hash itself.
//! 3. The modulus does not carry the fingerprint of ROCA (CVE-2017-15361): primes from one line of
//!    smart-card chips, `k*M + (65537^a mod M)`, which can be factored.

use crate::key_refused::KeyRefused;

/// The fewest bits of a modulus.
pub const FEWEST_BITS: usize = 2048;
/// The most bits of a modulus.
pub const MOST_BITS: usize = 4096;

/// Checks a modulus and an exponent, big-endian without leading zeros.
pub(crate) fn check(modulus: &[u8], exponent: &[u8]) -> Result<(), KeyRefused> {
    let bits = bit_length(modulus);
    if !(FEWEST_BITS..=MOST_BITS).contains(&bits) {
        return Err(KeyRefused::RsaSize(bits));
    }
    let odd = |number: &[u8]| number.last().is_some_and(|last| last % 2 == 1);
    let large_enough = exponent.len() > 1 || exponent.first().is_some_and(|only| *only >= 3);
    if !odd(exponent) || !large_enough || exponent.len() > 4 {
        return Err(KeyRefused::RsaExponent);
    }
    if !odd(modulus) {
        return Err(KeyRefused::Malformed("the modulus is even"));
    }
    if has_roca_fingerprint(modulus) {
        return Err(KeyRefused::Roca);
    }
    Ok(())
}

/// The position of the highest bit.
pub(crate) fn bit_length(number: &[u8]) -> usize {
    match number.iter().position(|byte| *byte != 0) {
        Some(start) => {
            let first = number.get(start).copied().unwrap_or_default();
            (number.len() - start) * 8 - first.leading_zeros() as usize
        }
        None => 0,
    }
}

/// Small primes that divide the `M` of the flawed library. A healthy modulus is a power of 65537
/// modulo all of them by chance about once in 2^28.
const PRIMES: [u32; 38] = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
    101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];

/// Whether the modulus is a power of 65537 modulo every one of the primes.
fn has_roca_fingerprint(modulus: &[u8]) -> bool {
    PRIMES.iter().all(|prime| {
        let rest = modulus
            .iter()
            .fold(0, |rest, byte| (rest * 256 + u32::from(*byte)) % prime);
        let mut power = 1;
        for _ in 1..*prime {
            if power == rest {
                return true;
            }
            power = power * (65537 % prime) % prime;
        }
        false
    })
}

#[cfg(test)]
mod tests;
