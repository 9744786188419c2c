//! Base64, base32 and checksums.

use rhumb_template::{Call, Func};
use rhumb_value::{Type, Value};
use sha2::Digest;

use crate::args::{Answer, func, text};

const T: &[Type] = &[Type::String];
const S: Type = Type::String;
/// Base64's alphabet.
pub(crate) const LETTERS_64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
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

/// Base32. Padding is only what stands behind at least two letters of the last group; elsewhere `=` is a wrong letter.
/// Places are counted without the line ends.
fn decode_32(text: &[u8], letters: &[u8]) -> Result<Vec<u8>, usize> {
    let input: Vec<u8> = text.iter().copied().filter(|c| !matches!(c, b'\r' | b'\n')).collect();
    let mut out = Vec::with_capacity(input.len() / 8 * 5);
    let mut start = 0;
    while start < input.len() {
        let mut n = 0u64;
        let mut used = 0;
        let mut last = false;
        while used < 8 {
            let at = start + used;
            let Some(&c) = input.get(at) else { return Err(start) };
            let left = input.len() - at - 1;
            if c == b'=' && used >= 2 && left < 8 {
                padding(&input, at, used)?;
                last = true;
                break;
            }
            let index = letters.iter().position(|l| *l == c).ok_or(at)?;
            n = n << 5 | index as u64;
            used += 1;
        }
        let n = n << (5 * (8 - used));
        // 40 bits, the first byte on top.
        out.extend((0..used * 5 / 8).map(|i| (n >> (8 * (4 - i))) as u8));
        if last {
            break;
        }
        start += 8;
    }
    Ok(out)
}

/// Checks the padding that starts at `at`, behind so many letters of its group.
fn padding(input: &[u8], at: usize, used: usize) -> Result<(), usize> {
    let behind = &input[at + 1..];
    if behind.len() + used < 7 {
        return Err(input.len());
    }
    let wanted = &behind[..(7 - used).min(behind.len())];
    if let Some(wrong) = wanted.iter().position(|c| *c != b'=') {
        return Err(at + wrong);
    }
    if matches!(used, 3 | 6) { Err(at) } else { Ok(()) }
}

/// The reverse of [`encode`]; line ends are skipped. The error is the place that Go names.
pub(crate) fn decode(text: &[u8], letters: &[u8]) -> Result<Vec<u8>, usize> {
    if letters.len() == 32 { decode_32(text, letters) } else { decode_64(text, letters) }
}

/// Base64. Places are counted with the line ends.
fn decode_64(text: &[u8], letters: &[u8]) -> Result<Vec<u8>, usize> {
    let mut input = text.iter().copied().enumerate().filter(|(_, c)| !matches!(c, b'\r' | b'\n'));
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    loop {
        let mut n = 0u32;
        for used in 0..4 {
            let Some((at, c)) = input.next() else {
                return if used == 0 { Ok(out) } else { Err(text.len() - used) };
            };
            if c == b'=' {
                match (used, input.next()) {
                    (0 | 1, _) => return Err(at),
                    (2, None) => return Err(text.len()),
                    (2, Some((next, other))) if other != b'=' => return Err(next - 1),
                    (3, Some((next, _))) => return Err(next),
                    _ => {}
                }
                if let Some((next, _)) = input.next() {
                    return Err(next);
                }
                let n = n << (6 * (4 - used));
                out.extend((0..used - 1).map(|i| (n >> (8 * (2 - i))) as u8));
                return Ok(out);
            }
            let index = letters.iter().position(|l| *l == c).ok_or(at)?;
            n = n << 6 | index as u32;
        }
        out.extend((0..3).map(|i| (n >> (8 * (2 - i))) as u8));
    }
}
