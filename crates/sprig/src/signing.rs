//! Signatures with RSA keys: PKCS#1 version 1.5 over SHA-256, as certificates carry them.
//!
//! For primes of the lengths that charts make, the two powers are computed by the arithmetic that finds the primes. The `rsa`
//! crate takes three times as long, panics for short keys, and comes to no end when a chart brings a key with primes of quite
//! different lengths.

use rsa::traits::{PrivateKeyParts as _, PublicKeyParts as _};
use rsa::{BigUint, RsaPrivateKey};
use sha2::{Digest as _, Sha256};

use crate::power::power;

/// The signature of a message; the error is worded as Go words it.
pub(crate) fn sign(key: &RsaPrivateKey, message: &[u8]) -> Result<Vec<u8>, String> {
    /// What Go takes at least, in bits.
    const SHORTEST: usize = 1024;
    let bits = key.n().bits();
    if bits < SHORTEST {
        return Err(format!(
            "crypto/rsa: {bits}-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)"
        ));
    }
    let number = padded(message, key.size());
    let signature = by_primes(key, &number).unwrap_or_else(|| number.modpow(key.d(), key.n())).to_bytes_be();
    let zeros = key.size().saturating_sub(signature.len());
    Ok([&vec![0; zeros][..], &signature].concat())
}

/// The message's hash as a number of at most so many bytes, at least 64 (RFC 8017, 9.2).
fn padded(message: &[u8], size: usize) -> BigUint {
    // What says that a SHA-256 follows.
    const SHA_256: [u8; 19] = [0x30, 49, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 32];
    let tail = [&[0][..], &SHA_256, &Sha256::digest(message)].concat();
    let filling = vec![0xff; size.saturating_sub(tail.len() + 2)];
    BigUint::from_bytes_be(&[&[0, 1], &filling[..], &tail].concat())
}

fn by_primes(key: &RsaPrivateKey, number: &BigUint) -> Option<BigUint> {
    let [p, q] = key.primes() else { return None };
    let (by_p, by_q) = (power(number, key.dp()?, p)?, power(number, key.dq()?, q)?);
    // Garner: the one number below the modulus with both remainders.
    let difference = by_p + p - &by_q % p;
    Some(difference * key.crt_coefficient()? % p * q + by_q)
}

#[cfg(test)]
mod tests {
    use rhumb_world::Memory;
    use rsa::signature::{SignatureEncoding as _, Signer as _};

    use super::*;
    use crate::keys::Key;

    /// This kind of signature leaves no choice: it is the one that the library makes.
    #[test]
    fn signatures_are_those_of_the_library() {
        let Ok(Key::Rsa(key)) = Key::new_rsa::<16>(&Memory::new()) else { panic!("no key") };
        for message in [&b"hello"[..], b"", &[0; 300]] {
            let want = rsa::pkcs1v15::SigningKey::<Sha256>::new((*key).clone()).sign(message).to_vec();
            assert!(by_primes(&key, &padded(message, 256)).is_some());
            assert_eq!(sign(&key, message), Ok(want));
        }
    }

    fn key(first: usize, second: usize) -> RsaPrivateKey {
        let primes = [first, second].map(|bits| (BigUint::from(1u32) << bits) - 1u32);
        RsaPrivateKey::from_primes(primes.into(), BigUint::from(65_537u32)).unwrap()
    }

    /// A chart may bring its own key; the errors are those of the reference.
    #[test]
    fn keys_of_any_length_sign_or_say_why_not() {
        let odd = key(521, 607);
        let signature = BigUint::from_bytes_be(&sign(&odd, b"hello").unwrap());
        let opened = signature.modpow(odd.e(), odd.n());
        assert_eq!(opened, padded(b"hello", 141));
        assert!(opened.to_bytes_be().ends_with(&Sha256::digest(b"hello")));
        let say = |bits: usize| {
            format!("crypto/rsa: {bits}-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)")
        };
        assert_eq!(sign(&key(61, 89), b"hello"), Err(say(150)));
        assert_eq!(sign(&key(127, 521), b"hello"), Err(say(648)));
    }
}
