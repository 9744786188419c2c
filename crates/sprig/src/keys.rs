//! Private keys: making them, reading them from PEM, signing with them.

use ed25519_dalek::Signer as _;
use ed25519_dalek::pkcs8::DecodePrivateKey as _;
use rand_core::{CryptoRng, RngCore};
use rhumb_world::World;
use rsa::RsaPrivateKey;
use rsa::pkcs1::{DecodeRsaPrivateKey, EncodeRsaPrivateKey, EncodeRsaPublicKey};

use crate::{der, power, primes, signing};

/// The entropy of the world as the key libraries take it.
struct Entropy<'w>(&'w dyn World);

impl RngCore for Entropy<'_> {
    fn next_u32(&mut self) -> u32 {
        rand_core::impls::next_u32_via_fill(self)
    }
    fn next_u64(&mut self) -> u64 {
        rand_core::impls::next_u64_via_fill(self)
    }
    fn fill_bytes(&mut self, dest: &mut [u8]) {
        self.0.entropy(dest);
    }
    fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), rand_core::Error> {
        self.0.entropy(dest);
        Ok(())
    }
}

impl CryptoRng for Entropy<'_> {}

/// A private key of one of the kinds that charts use.
pub(crate) enum Key {
    /// RSA, written as PKCS#1.
    Rsa(Box<RsaPrivateKey>),
    /// The curve P-256, written as SEC1.
    Ec(p256::SecretKey),
    /// Ed25519, written as PKCS#8.
    Ed(Box<ed25519_dalek::SigningKey>),
}

const ID_RSA: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
const ID_RSA_SHA256: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11];
const ID_EC: &[u8] = &[6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
const ID_P256: &[u8] = &[6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const ID_ECDSA_SHA256: &[u8] = &[6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
const ID_ED25519: &[u8] = &[6, 3, 0x2b, 0x65, 0x70];
const NULL: &[u8] = &[5, 0];

impl Key {
    /// A new RSA key of two primes of `K` limbs of 64 bits.
    pub(crate) fn new_rsa<const K: usize>(world: &dyn World) -> Result<Key, String> {
        const EXPONENT: u64 = 65_537;
        let p: [u64; K] = primes::random(world, EXPONENT, None);
        let q = primes::random(world, EXPONENT, Some(&p));
        let primes = [p, q].map(|n| power::number(&n)).into();
        RsaPrivateKey::from_primes(primes, EXPONENT.into()).map(|k| Key::Rsa(Box::new(k))).map_err(|e| e.to_string())
    }

    /// A new key on P-256.
    pub(crate) fn new_ec(world: &dyn World) -> Key {
        Key::Ec(p256::SecretKey::random(&mut Entropy(world)))
    }

    /// A new Ed25519 key.
    pub(crate) fn new_ed(world: &dyn World) -> Key {
        Key::Ed(Box::new(ed25519_dalek::SigningKey::generate(&mut Entropy(world))))
    }

    /// The key of a PEM text; the error is worded as sprig words it.
    pub(crate) fn from_pem(pem: &str) -> Result<Key, String> {
        if !pem.contains("-----BEGIN ") {
            return Err("no PEM data in input".into());
        }
        let bad = |e: &dyn std::fmt::Display| format!("parsing private key: {}", refusal(pem, &e.to_string()));
        if pem.contains("BEGIN RSA PRIVATE KEY") {
            return RsaPrivateKey::from_pkcs1_pem(pem).map(|k| Key::Rsa(Box::new(k))).map_err(|e| bad(&e));
        }
        if pem.contains("BEGIN EC PRIVATE KEY") {
            return p256::SecretKey::from_sec1_pem(pem).map(Key::Ec).map_err(|e| bad(&e));
        }
        if let Ok(key) = <RsaPrivateKey as rsa::pkcs8::DecodePrivateKey>::from_pkcs8_pem(pem) {
            return Ok(Key::Rsa(Box::new(key)));
        }
        if let Ok(key) = p256::SecretKey::from_pkcs8_pem(pem) {
            return Ok(Key::Ec(key));
        }
        ed25519_dalek::SigningKey::from_pkcs8_pem(pem).map(|k| Key::Ed(Box::new(k))).map_err(|e| bad(&e))
    }

    /// The key as PEM, in the form that Go writes for its kind.
    pub(crate) fn to_pem(&self) -> Result<String, String> {
        match self {
            Key::Rsa(k) => {
                let der = k.to_pkcs1_der().map_err(|e| e.to_string())?;
                Ok(pem("RSA PRIVATE KEY", der.as_bytes()))
            }
            Key::Ec(k) => {
                let der = k.to_sec1_der().map_err(|e| e.to_string())?;
                Ok(pem("EC PRIVATE KEY", &der))
            }
            Key::Ed(k) => {
                let seed = der::element(4, &der::element(4, k.as_bytes()));
                let der = der::sequence(&[&der::integer(&[0]), &der::sequence(&[ID_ED25519]), &seed]);
                Ok(pem("PRIVATE KEY", &der))
            }
        }
    }

    /// The bytes of the public key, as they stand in a certificate.
    pub(crate) fn public_bits(&self) -> Result<Vec<u8>, String> {
        Ok(match self {
            Key::Rsa(k) => k.to_public_key().to_pkcs1_der().map_err(|e| e.to_string())?.as_bytes().to_vec(),
            Key::Ec(k) => k.public_key().to_sec1_bytes().to_vec(),
            Key::Ed(k) => k.verifying_key().to_bytes().to_vec(),
        })
    }

    /// The algorithm of the public key, as DER.
    pub(crate) fn algorithm(&self) -> Vec<u8> {
        match self {
            Key::Rsa(_) => der::sequence(&[ID_RSA, NULL]),
            Key::Ec(_) => der::sequence(&[ID_EC, ID_P256]),
            Key::Ed(_) => der::sequence(&[ID_ED25519]),
        }
    }

    /// The algorithm that the key signs with, as DER.
    pub(crate) fn signing_algorithm(&self) -> Vec<u8> {
        match self {
            Key::Rsa(_) => der::sequence(&[ID_RSA_SHA256, NULL]),
            Key::Ec(_) => der::sequence(&[ID_ECDSA_SHA256]),
            Key::Ed(_) => der::sequence(&[ID_ED25519]),
        }
    }

    /// A signature of the message; the error is worded as Go words it.
    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, String> {
        Ok(match self {
            Key::Rsa(k) => signing::sign(k, message)?,
            Key::Ec(k) => {
                let signature: p256::ecdsa::Signature = p256::ecdsa::SigningKey::from(k).sign(message);
                signature.to_der().as_bytes().to_vec()
            }
            Key::Ed(k) => k.sign(message).to_bytes().to_vec(),
        })
    }
}

/// A PEM block, 64 characters a line, as Go writes it.
pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let mut out = format!("-----BEGIN {label}-----\n");
    for line in text.as_bytes().chunks(64) {
        out.push_str(&String::from_utf8_lossy(line));
        out.push('\n');
    }
    out.push_str(&format!("-----END {label}-----\n"));
    out
}

/// The bytes of the first block of that label in a PEM text.
pub(crate) fn unpem(label: &str, text: &str) -> Option<Vec<u8>> {
    use base64::Engine as _;
    let start = text.split_once(&format!("-----BEGIN {label}-----"))?.1;
    let body = start.split_once("-----END ")?.0;
    let clean: String = body.chars().filter(|c| !c.is_whitespace()).collect();
    base64::engine::general_purpose::STANDARD.decode(clean).ok()
}

/// Why a PEM block holds no key, in Go's words where they are known; else the reason that is given.
fn refusal(pem: &str, reason: &str) -> String {
    let label = pem.split_once("-----BEGIN ").and_then(|(_, rest)| rest.split_once("-----")).map_or("", |(l, _)| l);
    let (before, parts) = match label {
        "RSA PRIVATE KEY" => ("parsing RSA private key from PEM: ", 9),
        "EC PRIVATE KEY" => ("parsing EC private key from PEM: x509: failed to parse EC private key: ", 2),
        "DSA PRIVATE KEY" => ("parsing DSA private key from PEM: ", 6),
        "PRIVATE KEY" => ("decoding PEM as PKCS#8: ", 3),
        other => return format!("no private key data in PEM block of type {other}"),
    };
    let reason = match unpem(label, pem).as_deref().and_then(parts_of_sequence) {
        Some(found) if found < parts => "asn1: syntax error: sequence truncated",
        _ => reason,
    };
    format!("{before}{reason}")
}

/// How many parts a DER sequence with short lengths has.
fn parts_of_sequence(der: &[u8]) -> Option<usize> {
    let (&[0x30, length], mut rest) = der.split_first_chunk()? else { return None };
    if length >= 0x80 || usize::from(length) != rest.len() {
        return None;
    }
    let mut parts = 0;
    while let Some((&[_, length], more)) = rest.split_first_chunk() {
        rest = more.get(usize::from(length)..).filter(|_| length < 0x80)?;
        parts += 1;
    }
    rest.is_empty().then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_counted() {
        let cases: &[(&[u8], Option<usize>)] = &[
            (&[0x30, 0], Some(0)),
            (&[0x30, 3, 2, 1, 0], Some(1)),
            (&[0x30, 5, 2, 1, 0, 5, 0], Some(2)),
            (&[0x30, 3, 2, 2, 0], None),
            (&[0x30, 1, 2], None),
            (&[0x30, 0x81, 0], None),
            (&[0, 0, 0], None),
            (&[], None),
        ];
        for (der, want) in cases {
            assert_eq!(parts_of_sequence(der), *want, "{der:?}");
        }
    }
}
