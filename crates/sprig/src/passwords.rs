//! Passwords: derived, hashed, and texts locked with one.

use aes::cipher::{BlockDecryptMut, BlockEncryptMut, KeyIvInit, block_padding::Pkcs7};
use base64::Engine as _;
use base64::alphabet::BCRYPT;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD, STANDARD};
use hmac::{Hmac, Mac};
use rhumb_template::{Call, Error, Func};
use rhumb_value::{IntKind, Type};
use sha2::Sha256;

use crate::args::{Answer, fail, func, int, text};
use crate::encoding::{LETTERS_64, decode};

const S: Type = Type::String;

pub(crate) static FUNCS: &[Func] = &[
    func("bcrypt", &[S], S, |c| Ok(hash(c, text(c, 0)).into())),
    func("decryptAES", &[S, S], S, decrypt),
    func("derivePassword", &[Type::Int(IntKind::Uint32), S, S, S, S], S, derive),
    func("encryptAES", &[S, S], S, encrypt),
    func("htpasswd", &[S, S], S, htpasswd),
];

/// The cost that sprig takes, Go's default.
const BCRYPT_COST: u32 = 10;

fn hash(call: &Call<'_>, password: &[u8]) -> String {
    if password.len() > 72 {
        return "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes".into();
    }
    let mut salt = [0; 16];
    call.runtime.world().entropy(&mut salt);
    salted(password, salt)
}

/// The hash of a password of at most 72 bytes, as `crypt` writes it.
fn salted(password: &[u8], salt: [u8; 16]) -> String {
    let coder = GeneralPurpose::new(&BCRYPT, NO_PAD);
    // A zero ends the password, and is cut off with everything that the cipher has no room for.
    let mut key = [0; 73];
    key[..password.len()].copy_from_slice(password);
    let hash = bcrypt::bcrypt(BCRYPT_COST, salt, &key[..(password.len() + 1).min(72)]);
    format!("$2a${BCRYPT_COST}${}{}", coder.encode(salt), coder.encode(&hash[..23]))
}

fn htpasswd(call: &mut Call<'_>) -> Answer {
    let user = text(call, 0);
    if user.contains(&b':') {
        return Ok([b"invalid username: ", user].concat().into());
    }
    Ok([user, b":", hash(call, text(call, 1)).as_bytes()].concat().into())
}

/// The key is the password, cut or filled with zeros to 32 bytes.
fn aes_key(password: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    let n = password.len().min(32);
    key[..n].copy_from_slice(&password[..n]);
    key
}

fn encrypt(call: &mut Call<'_>) -> Answer {
    let mut iv = [0; 16];
    call.runtime.world().entropy(&mut iv);
    let cipher = cbc::Encryptor::<aes::Aes256>::new(&aes_key(text(call, 0)).into(), &iv.into());
    let mut out = iv.to_vec();
    out.extend(cipher.encrypt_padded_vec_mut::<Pkcs7>(text(call, 1)));
    Ok(STANDARD.encode(out).into())
}

fn decrypt(call: &mut Call<'_>) -> Answer {
    let coded = text(call, 1);
    if coded.is_empty() {
        return Ok("".into());
    }
    let data = decode(coded, LETTERS_64).map_err(|at| Error::new(format!("illegal base64 data at input byte {at}")))?;
    let Some((iv, body)) = data.split_first_chunk::<16>() else {
        return fail(
            // Go makes room for whole groups of the code.
            "runtime error: slice bounds out of range [:16] with capacity ".to_owned()
                + &(coded.len() / 4 * 3).to_string(),
        );
    };
    if body.is_empty() {
        return fail("runtime error: index out of range [-1]");
    }
    if !body.len().is_multiple_of(16) {
        return fail("crypto/cipher: input not full blocks");
    }
    let cipher = cbc::Decryptor::<aes::Aes256>::new(&aes_key(text(call, 0)).into(), &(*iv).into());
    match cipher.decrypt_padded_vec_mut::<Pkcs7>(body) {
        Ok(plain) => Ok(plain.into()),
        Err(_) => fail("runtime error: slice bounds out of range"),
    }
}

/// The Master Password algorithm (masterpassword.app), version 0 as sprig has it.
fn derive(call: &mut Call<'_>) -> Answer {
    const SCOPE: &[u8] = b"com.lyndir.masterpassword";
    let kind = text(call, 1);
    let Some(patterns) = patterns(kind) else {
        return Ok([b"cannot find password template ", kind].concat().into());
    };
    let (password, user, site) = (text(call, 2), text(call, 3), text(call, 4));
    // The lengths and the counter are 32 bits wide in the algorithm.
    let sized = |bytes: &[u8]| [&(bytes.len() as u32).to_be_bytes(), bytes].concat();
    let salt = [SCOPE, &sized(user)].concat();
    let mut key = [0; 64];
    let params = scrypt::Params::new(15, 8, 2, 64).map_err(|e| Error::new(e.to_string()))?;
    scrypt::scrypt(password, &salt, &params, &mut key).map_err(|e| Error::new(e.to_string()))?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|e| Error::new(e.to_string()))?;
    mac.update(&[SCOPE, &sized(site), &(int(call, 0) as u32).to_be_bytes()].concat());
    let seed = mac.finalize().into_bytes();
    let pattern = patterns[usize::from(seed[0]) % patterns.len()];
    let letters = pattern.bytes().zip(&seed[1..]).map(|(class, n)| {
        let set = alphabet(class);
        set[usize::from(*n) % set.len()]
    });
    Ok(letters.collect::<Vec<u8>>().into())
}

/// The shapes of each kind of password; each letter names an alphabet.
fn patterns(kind: &[u8]) -> Option<&'static [&'static str]> {
    Some(match kind {
        b"maximum" => &["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"],
        b"long" => &[
            "CvcvnoCvcvCvcv",
            "CvcvCvcvnoCvcv",
            "CvcvCvcvCvcvno",
            "CvccnoCvcvCvcv",
            "CvccCvcvnoCvcv",
            "CvccCvcvCvcvno",
            "CvcvnoCvccCvcv",
            "CvcvCvccnoCvcv",
            "CvcvCvccCvcvno",
            "CvcvnoCvcvCvcc",
            "CvcvCvcvnoCvcc",
            "CvcvCvcvCvccno",
            "CvccnoCvccCvcv",
            "CvccCvccnoCvcv",
            "CvccCvccCvcvno",
            "CvcvnoCvccCvcc",
            "CvcvCvccnoCvcc",
            "CvcvCvccCvccno",
            "CvccnoCvcvCvcc",
            "CvccCvcvnoCvcc",
            "CvccCvcvCvccno",
        ],
        b"medium" => &["CvcnoCvc", "CvcCvcno"],
        b"short" => &["Cvcn"],
        b"basic" => &["aaanaaan", "aannaaan", "aaannaaa"],
        b"pin" => &["nnnn"],
        _ => return None,
    })
}

fn alphabet(class: u8) -> &'static [u8] {
    match class {
        b'V' => b"AEIOU",
        b'C' => b"BCDFGHJKLMNPQRSTVWXYZ",
        b'v' => b"aeiou",
        b'c' => b"bcdfghjklmnpqrstvwxyz",
        b'A' => b"AEIOUBCDFGHJKLMNPQRSTVWXYZ",
        b'a' => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz",
        b'n' => b"0123456789",
        b'o' => b"@&%?,=[]_:-+*$#!'^~;()/.",
        _ => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rhumb_template::Runtime;
    use rhumb_value::{Str, Value};
    use rhumb_world::{Memory, World};

    struct Bare(Memory);

    impl Runtime for Bare {
        fn world(&self) -> &dyn World {
            &self.0
        }
        fn host(&self) -> &dyn std::any::Any {
            &()
        }
        fn execute(&mut self, _: &Str, _: &Value) -> Result<Str, Error> {
            fail("no templates here")
        }
        fn execute_text(&mut self, _: &Str, _: &Value) -> Result<Str, Error> {
            fail("no templates here")
        }
    }

    fn run(name: &str, args: &[Value]) -> String {
        let func = FUNCS.iter().find(|f| f.name == name).unwrap();
        let mut runtime = Bare(Memory::default());
        let answer = (func.call)(&mut Call { args, runtime: &mut runtime });
        answer.unwrap().as_str().unwrap().to_string()
    }

    /// As the reference answers `derivePassword`.
    #[test]
    fn derived_passwords_are_those_of_the_reference() {
        let cases: &[(i64, &str, &str)] = &[
            (1, "long", "ZedaFaxcZaso9*"),
            (1, "maximum", "pf4zS1LjCg&LjhsZ7T2~"),
            (2, "basic", "OQe2Zwl7"),
            (2, "short", "Fov2"),
            (2, "pin", "3882"),
            (2, "medium", "Fov2-Jal"),
            (2, "zz", "cannot find password template zz"),
        ];
        for (counter, kind, want) in cases {
            let args = [
                Value::Int(*counter, IntKind::Uint32),
                (*kind).into(),
                "password".into(),
                "user".into(),
                "example.com".into(),
            ];
            assert_eq!(run("derivePassword", &args), *want, "{kind}");
        }
    }

    #[test]
    fn what_is_locked_can_be_opened() {
        for plain in ["", "hello", "sixteen bytes ..", "longer than one block of it"] {
            let locked = run("encryptAES", &["key".into(), plain.into()]);
            assert_eq!(run("decryptAES", &["key".into(), locked.into()]), plain);
        }
        // Locked by the reference.
        let locked = "yxNO4BIE1qk4IFGhqKZrjbVCyXQ8g8Um3AKZC3IH99E=";
        assert_eq!(run("decryptAES", &["secretkey".into(), locked.into()]), "hello");
    }

    /// The hash of the password with the salt of another hash.
    fn again(password: &str, hash: &str) -> String {
        let salt = GeneralPurpose::new(&BCRYPT, NO_PAD).decode(&hash[7..29]).unwrap();
        salted(password.as_bytes(), salt.try_into().unwrap())
    }

    /// Hashed by Helm 4.3.1.
    #[test]
    fn hashes_of_the_reference_are_met() {
        let longest = "x".repeat(72);
        let hashes = [
            ("p", "$2a$10$oekiaPEVgiDKwcW5Urfrcu30poe1yNNhF7X.kVe08ZfB5dAB/WPIa"),
            ("", "$2a$10$T6vbCzekg35FPVyI7XXa7.hC0fVQzjb7A2apJnRHQvZV1SNhC3gqG"),
            (&longest, "$2a$10$7IMUI2O7aWiYLuNV0.RaeueO0r70J6zS2oydnd996FoVAmCZG7Smy"),
        ];
        for (password, hash) in hashes {
            assert_eq!(again(password, hash), hash);
        }
    }

    #[test]
    fn hashes_fit_their_password() {
        let line = run("htpasswd", &["u".into(), "p".into()]);
        let hash = line.strip_prefix("u:").unwrap();
        assert_eq!(again("p", hash), hash);
        assert_eq!(run("htpasswd", &["u:".into(), "p".into()]), "invalid username: u:");
    }
}
