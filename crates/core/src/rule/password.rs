//! Which passwords may be set (NIST SP 800-63B-4 §3.1.1).
//!
//! 1. At least 8 characters and at most 1024 bytes, whatever they are: there are no rules about
//!    capitals, digits and signs, and nothing is cut off or made alike before it is hashed.
//! 2. Not the person's address or half of it, not the name of this program, not one character again
//!    and again or a run of neighbours, and none of those that everybody tries first.
//! 3. Nobody has to change a password because it is old.
//!
//! A sandbox takes any that is not empty: its people are called alice and bob.

mod banned;

use crate::value::Email;

/// How many characters a password has at least.
pub const SHORTEST: usize = 8;

/// How long a password may be, in bytes.
pub const LONGEST: usize = 1_024;

/// How much is asked of a password.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Demand {
    /// What people need.
    Full,
    /// What a sandbox needs: that there is one.
    Sandbox,
}

impl Demand {
    /// That of a sandbox, or that of everything else.
    #[must_use]
    pub const fn of(sandbox: bool) -> Self {
        if sandbox { Self::Sandbox } else { Self::Full }
    }
}

/// Why a password may not be set. The sentences can be shown to the person.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Unfit {
    /// There is nothing.
    #[error("A password is needed.")]
    Empty,
    /// It has fewer than 8 characters.
    #[error("A password has at least 8 characters.")]
    Short,
    /// It has more than 1024 bytes.
    #[error("A password has at most 1024 bytes.")]
    Long,
    /// Whoever knows the person's address knows it.
    #[error("The password is the e-mail address or a part of it.")]
    Address,
    /// It is among the first that anybody would try.
    #[error("This password is one of the first that are tried.")]
    Common,
}

/// Whether somebody with this address may have this password.
pub fn fit(password: &str, email: &Email, demand: Demand) -> Result<(), Unfit> {
    if password.is_empty() {
        return Err(Unfit::Empty);
    }
    if password.len() > LONGEST {
        return Err(Unfit::Long);
    }
    if demand == Demand::Sandbox {
        return Ok(());
    }
    if password.chars().count() < SHORTEST {
        return Err(Unfit::Short);
    }
    let plain = password.to_lowercase();
    let plain = plain.trim();
    if is_of_address(plain, email.as_str()) {
        return Err(Unfit::Address);
    }
    if is_run(plain) || banned::PASSWORDS.binary_search(&plain).is_ok() {
        return Err(Unfit::Common);
    }
    Ok(())
}

/// The whole address, or what stands before or behind the `@`.
fn is_of_address(plain: &str, email: &str) -> bool {
    let halves = email.split_once('@');
    plain == email || halves.is_some_and(|(name, domain)| plain == name || plain == domain)
}

/// One character again and again, or each the next of the one before it, up or down.
fn is_run(plain: &str) -> bool {
    let steps = plain.chars().zip(plain.chars().skip(1));
    let mut steps = steps.map(|(one, next)| i64::from(u32::from(next)) - i64::from(u32::from(one)));
    let Some(first) = steps.next() else {
        return true;
    };
    (-1..=1).contains(&first) && steps.all(|step| step == first)
}

#[cfg(test)]
mod tests;
