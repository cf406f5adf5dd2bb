//! How long a TLS certificate is still good.

use x509_parser::prelude::{FromDer as _, X509Certificate};

use crate::checklist::Check;

const DAY: i64 = 86_400;

/// From so many days before its end on, a certificate is worth a warning: whatever renews it by
/// itself has done so by then.
const SOON: i64 = 14;

/// Judges a certificate by its dates. `about` is the name of the check.
pub(super) fn dates(about: &str, der: &[u8], now: i64) -> Check {
    let Ok((_, certificate)) = X509Certificate::from_der(der) else {
        return Check::fail(about, "the certificate cannot be read").fix("renew the certificate");
    };
    let validity = certificate.validity();
    let (from, until) = (
        validity.not_before.timestamp(),
        validity.not_after.timestamp(),
    );
    let days = (until - now).div_euclid(DAY);
    let renew = "renew the certificate; carnet serve reads its files again on SIGHUP";
    if now < from {
        return Check::fail(about, "the certificate is not valid yet")
            .fix("set the clock of this machine, or wait: sudo timedatectl set-ntp true");
    }
    match days {
        ..0 => Check::fail(about, format!("the certificate ended {} days ago", -days)).fix(renew),
        0..SOON => Check::warn(about, format!("the certificate ends in {days} days")).fix(renew),
        _ => Check::pass(about, format!("the certificate has {days} days left")),
    }
}

#[cfg(test)]
mod tests;
