//! Base64, base32 and checksums.

use rhumb_template::{Call, Func};
use rhumb_value::{Type, Value};
use sha2::Digest;

use crate::args::{Answer, func, text};

const T: &[Type] = &[Type::String];
const S: Type = Type::String;
const LETTERS_64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const LETTERS_32: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

pub(crate) static FUNCS: &[Func] = &[
    func("b64enc", T, S, |c| Ok(encode(text(c, 0), LETTERS_64).into())),
    func("b64dec", T, S, |c| decoded(c, LETTERS_64, "base64")),
    func("b32enc", T, S, |c| Ok(encode(text(c, 0), LETTERS_32).into())),
    func("b32dec", T, S, |c| decoded(c, LETTERS_32, "base32")),
    func("adler32sum", T, S, |c| Ok(adler2::adler32_slice(text(c, 0)).to_string().into())),
    func("sha1sum", T, S, |c| Ok(hex(&sha1::Sha1::digest(text(c, 0))))),
    func("sha256sum", T, S, |c| Ok(hex(&sha2::Sha256::digest(text(c, 0))))),
    func("sha512sum", T, S, |c| Ok(hex(&sha2::Sha512::digest(text(c, 0))))),
];

fn hex(bytes: &[u8]) -> Value {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |n: u8| DIGITS[usize::from(n & 15)];
    bytes.iter().flat_map(|b| [digit(b >> 4), digit(*b)]).collect::<Vec<u8>>().into()
}

/// Bytes in and letters out of one group: base64 turns three into four, base32 five into eight.
fn group(letters: &[u8]) -> (usize, usize, u32) {
    if letters.len() == 64 { (3, 4, 6) } else { (5, 8, 5) }
}

/// Base64 or base32 with padding, by the alphabet.
pub(crate) fn encode(bytes: &[u8], letters: &[u8]) -> Vec<u8> {
    let (bytes_in, letters_out, bits) = group(letters);
    let mut out = Vec::with_capacity(bytes.len().div_ceil(bytes_in) * letters_out);
    for part in bytes.chunks(bytes_in) {
        let missing = bytes_in - part.len();
        let n = part.iter().fold(0u64, |n, b| n << 8 | u64::from(*b)) << (8 * missing);
        let used = (part.len() * 8).div_ceil(bits as usize);
        for i in 0..letters_out {
            let shift = bits as usize * (letters_out - 1 - i);
            // The mask keeps the index within the alphabet.
            let index = (n >> shift) as usize & (letters.len() - 1);
            out.push(if i < used { letters[index] } else { b'=' });
        }
    }
    out
}

fn decoded(c: &mut Call<'_>, letters: &[u8], name: &str) -> Answer {
    Ok(match decode(text(c, 0), letters) {
        Ok(bytes) => bytes.into(),
        Err(at) => format!("illegal {name} data at input byte {at}").into(),
    })
}

/// The reverse of [`encode`]; line ends are skipped. The error is the place that Go names.
pub(crate) fn decode(text: &[u8], letters: &[u8]) -> Result<Vec<u8>, usize> {
    let (bytes_in, letters_out, bits) = group(letters);
    let input: Vec<(usize, u8)> =
        text.iter().copied().enumerate().filter(|(_, c)| !matches!(c, b'\r' | b'\n')).collect();
    let mut out = Vec::with_capacity(input.len() / letters_out * bytes_in);
    let mut groups = input.chunks(letters_out);
    while let Some(part) = groups.next() {
        let mut n = 0u64;
        let mut used = 0;
        for &(at, c) in part {
            if c == b'=' {
                break;
            }
            let index = letters.iter().position(|l| *l == c).ok_or(at)?;
            n = n << bits | index as u64;
            used += 1;
        }
        let start = part.first().map_or(0, |p| p.0);
        let whole = used * bits as usize / 8;
        // What is padding must be all padding, only at the end, and must leave whole bytes.
        let padded = part.len() == letters_out && part[used..].iter().all(|(_, c)| *c == b'=');
        let tight = (used * bits as usize) % 8 < bits as usize && used > 0;
        if used < letters_out {
            if part.len() < letters_out {
                return Err(if used == part.len() { start } else { text.len() });
            }
            if !padded || !tight {
                // Base64 complains about the padding, base32 about what comes where more of it was expected.
                let other = part[used..].iter().find(|(_, c)| *c != b'=' && letters.len() == 32);
                let bad = other.or(part.get(used));
                return Err(bad.map_or(start, |p| p.0));
            }
            let rest = if letters.len() == 64 { groups.next() } else { None };
            if letters.len() == 32 {
                groups = [].chunks(1);
            }
            if let Some(&(at, _)) = rest.and_then(<[(usize, u8)]>::first) {
                return Err(at);
            }
        }
        let n = n << (bits as usize * (letters_out - used));
        for i in 0..whole {
            out.push((n >> (8 * (bytes_in - 1 - i))) as u8);
        }
    }
    Ok(out)
}
