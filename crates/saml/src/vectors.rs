//! The vectors of `tests/vectors`, which pysaml2 and xmlsec1 made, and what holds for all of them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use carnet_jose::KeyPair;
use carnet_jose::digest::sha256;
use carnet_jose::x509::UploadedCertificate;

use crate::assertion::Trust;
use crate::assertion::Vouched;
use crate::canonical::canonical;
use crate::document::Bounds;
use crate::document::Element;
use crate::names::DSIG;
use crate::names::ENVELOPED;
use crate::names::EXCLUSIVE;
use crate::refused::Refused;
use crate::signature::SigningKey;
use crate::token;

/// 2026-11-26T03:00:00Z, when all of them were made.
pub(crate) const NOW: i64 = 1_795_662_000;
pub(crate) const ISSUER: &str = "https://idp.test/saml";
pub(crate) const AUDIENCE: &str = "https://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/idp";
pub(crate) const RECIPIENT: &str = "https://sts.googleapis.com/v1/token";

pub(crate) fn file(name: &str) -> String {
    let path = format!("{}/tests/vectors/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).expect(&path)
}

pub(crate) fn key(name: &str) -> SigningKey {
    let certificate = UploadedCertificate::from_pem(&file(&format!("{name}.pem")));
    certificate.expect("a certificate").public_key.into()
}

/// What the provider of the vectors says to a document at a moment.
pub(crate) fn at(xml: &str, key_name: &str, now: i64) -> Result<Vouched, Refused> {
    let trust = Trust {
        issuer: ISSUER,
        keys: &[key(key_name)],
        audiences: &[AUDIENCE.to_owned()],
        recipients: &[RECIPIENT.to_owned()],
    };
    token::vouch(&STANDARD.encode(xml), trust, now)
}

/// What it says when they were made.
pub(crate) fn vouch(xml: &str) -> Result<Vouched, Refused> {
    at(xml, "rsa", NOW)
}

/// Signs the element that has this ID, where [`MARK`] stands in it. The reference may name another ID.
pub(crate) fn signed(xml: &str, ids: (&str, &str), pair: &KeyPair) -> String {
    signed_with(xml, ids, "", pair)
}

/// The same, with a prefix that is declared in what is signed whether or not it is used.
pub(crate) fn signed_with(
    xml: &str,
    (id, refers): (&str, &str),
    prefix: &str,
    pair: &KeyPair,
) -> String {
    let bare = Element::parse(&xml.replace(MARK, ""), Bounds::TOKEN).expect("XML");
    let everything = bare.everything();
    let meant = everything
        .iter()
        .find(|one| one.attribute("ID") == Some(id));
    let prefixes: Vec<String> = prefix.split_whitespace().map(str::to_owned).collect();
    let covered = canonical(meant.expect("it is there"), &prefixes, None);
    let list = match prefix {
        "" => String::new(),
        _ => format!(
            "<e:InclusiveNamespaces xmlns:e=\"{EXCLUSIVE}\" PrefixList=\"{prefix}\"></e:InclusiveNamespaces>"
        ),
    };
    let digest = STANDARD.encode(sha256(covered));
    let info = format!(
        "<ds:SignedInfo xmlns:ds=\"{DSIG}\"><ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\"></ds:CanonicalizationMethod>\
         <ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256\"></ds:SignatureMethod>\
         <ds:Reference URI=\"#{refers}\"><ds:Transforms><ds:Transform Algorithm=\"{ENVELOPED}\"></ds:Transform>\
         <ds:Transform Algorithm=\"{EXCLUSIVE}\">{list}</ds:Transform></ds:Transforms>\
         <ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod>\
         <ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>"
    );
    let value = STANDARD.encode(pair.sign(info.as_bytes()).expect("it signs"));
    let signature = format!(
        "<ds:Signature xmlns:ds=\"{DSIG}\">{info}<ds:SignatureValue>{value}</ds:SignatureValue></ds:Signature>"
    );
    xml.replace(MARK, &signature)
}

/// Where a signature goes.
pub(crate) const MARK: &str = "<!--signature-->";
