//! gzip as Go's `compress/gzip` reads it: members one after the other, checked headers and sums, its words for faults.

use std::io::{self, Read};

use flate2::bufread::DeflateDecoder;
use flate2::{Crc, Decompress, FlushDecompress, Status};

/// The longest name or comment in a header.
const MOST_TEXT: usize = 512;

const FEXTRA: u8 = 4;
const FNAME: u8 = 8;
const FCOMMENT: u8 = 16;
const FHCRC: u8 = 2;

/// A reader of what is packed.
pub(crate) struct Gunzip<'a> {
    data: DeflateDecoder<&'a [u8]>,
    /// The current member without its header.
    member: &'a [u8],
    sum: Crc,
    done: bool,
}

impl<'a> Gunzip<'a> {
    /// Reads the first header.
    pub(crate) fn new(packed: &'a [u8]) -> Result<Self, &'static str> {
        let rest = header(packed)?.ok_or("EOF")?;
        Ok(Self { data: DeflateDecoder::new(rest), member: rest, sum: Crc::new(), done: false })
    }

    /// Checks the end of a member and goes on to the next.
    fn next_member(&mut self) -> Result<(), &'static str> {
        let (trailer, rest) = self.data.get_ref().split_at_checked(8).ok_or("unexpected EOF")?;
        let expected = [self.sum.sum().to_le_bytes(), self.sum.amount().to_le_bytes()].concat();
        if trailer != expected {
            return Err("gzip: invalid checksum");
        }
        match header(rest)? {
            None => self.done = true,
            Some(rest) => {
                self.data = DeflateDecoder::new(rest);
                self.member = rest;
                self.sum.reset();
            }
        }
        Ok(())
    }
}

impl Read for Gunzip<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while !self.done && !out.is_empty() {
            let read = self.data.read(out).map_err(|e| match e.kind() {
                io::ErrorKind::UnexpectedEof => io::Error::other("unexpected EOF"),
                _ => io::Error::other(format!("flate: corrupt input before offset {}", corrupt_before(self.member))),
            })?;
            self.sum.update(&out[..read]);
            if read > 0 {
                return Ok(read);
            }
            self.next_member().map_err(io::Error::other)?;
        }
        Ok(0)
    }
}

/// How many bytes must be read to see that a stream is damaged. Go counts the bytes that it has asked for one by one.
fn corrupt_before(stream: &[u8]) -> usize {
    let mut inflate = Decompress::new(false);
    let mut out = [0; 1 << 15];
    for (at, byte) in stream.iter().enumerate() {
        let mut input: &[u8] = std::slice::from_ref(byte);
        loop {
            let (before_in, before_out) = (inflate.total_in(), inflate.total_out());
            match inflate.decompress(input, &mut out, FlushDecompress::None) {
                Err(_) => return at + 1,
                Ok(Status::StreamEnd) => return at + 1,
                Ok(_) => {}
            }
            if inflate.total_in() > before_in {
                input = &[];
            }
            if inflate.total_out() == before_out {
                break;
            }
        }
    }
    stream.len()
}

/// What follows a member's header; nothing at the end of all.
fn header(packed: &[u8]) -> Result<Option<&[u8]>, &'static str> {
    const SHORT: &str = "unexpected EOF";
    const BAD: &str = "gzip: invalid header";
    if packed.is_empty() {
        return Ok(None);
    }
    let (fixed, mut rest) = packed.split_at_checked(10).ok_or(SHORT)?;
    if !fixed.starts_with(b"\x1f\x8b\x08") {
        return Err(BAD);
    }
    let flags = fixed[3];
    if flags & FEXTRA != 0 {
        let (len, after) = rest.split_at_checked(2).ok_or(SHORT)?;
        let len = usize::from(u16::from_le_bytes([len[0], len[1]]));
        rest = after.get(len..).ok_or(SHORT)?;
    }
    for flag in [FNAME, FCOMMENT] {
        if flags & flag != 0 {
            match rest.iter().take(MOST_TEXT).position(|b| *b == 0) {
                Some(at) => rest = &rest[at + 1..],
                None if rest.len() < MOST_TEXT => return Err(SHORT),
                None => return Err(BAD),
            }
        }
    }
    if flags & FHCRC != 0 {
        let mut sum = Crc::new();
        sum.update(&packed[..packed.len() - rest.len()]);
        let (told, after) = rest.split_at_checked(2).ok_or(SHORT)?;
        if told != &sum.sum().to_le_bytes()[..2] {
            return Err(BAD);
        }
        rest = after;
    }
    Ok(Some(rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn gzip(data: &[u8]) -> Vec<u8> {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gz.write_all(data).unwrap();
        gz.finish().unwrap()
    }

    fn flagged(flags: u8, more: &[u8]) -> Vec<u8> {
        let mut packed = gzip(b"hello");
        packed[3] = flags;
        packed.splice(10..10, more.iter().copied());
        packed
    }

    fn run(packed: &[u8]) -> String {
        let mut out = Vec::new();
        match Gunzip::new(packed).map_err(str::to_owned) {
            Ok(mut reader) => match reader.read_to_end(&mut out) {
                Ok(_) => String::from_utf8(out).unwrap(),
                Err(e) => e.to_string(),
            },
            Err(text) => text,
        }
    }

    /// Observed with `helm show chart` of Helm 4.3.1.
    #[test]
    fn members_and_headers() {
        let good = gzip(b"hello");
        let twice = [good.clone(), gzip(b" world")].concat();
        let cases: &[(&[u8], &str)] = &[
            (&good, "hello"),
            (&twice, "hello world"),
            (&[good.clone(), b"garbage more".to_vec()].concat(), "gzip: invalid header"),
            (&[good.clone(), b"\x1f".to_vec()].concat(), "unexpected EOF"),
            (b"", "EOF"),
            (&good[..9], "unexpected EOF"),
            (&good[..12], "unexpected EOF"),
            (&good[..good.len() - 1], "unexpected EOF"),
            (&[&good[..good.len() - 8], b"abcdefgh"].concat(), "gzip: invalid checksum"),
            (&flagged(8, b"name\0"), "hello"),
            (&flagged(8, &[b'n'; 600]), "gzip: invalid header"),
            (&flagged(8, b"na")[..12], "unexpected EOF"),
            (&flagged(16, b"comment\0"), "hello"),
            (&flagged(4, b"\x03\0abc"), "hello"),
            (&flagged(2, b"zz"), "gzip: invalid header"),
            (&flagged(0x80, b""), "hello"),
            // A block of a kind that there is not, a distance before the start, two lengths of a stored block that differ.
            (&[&good[..10], b"\x07"].concat(), "flate: corrupt input before offset 1"),
            (&[&good[..10], b"\x4b\x04\x12"].concat(), "flate: corrupt input before offset 3"),
            (&[&good[..10], b"\x01\x01\0\0\0a"].concat(), "flate: corrupt input before offset 5"),
            (&[b"\x1f\x8b\x07", &good[3..]].concat(), "gzip: invalid header"),
        ];
        for (packed, want) in cases {
            assert_eq!(run(packed), *want, "{packed:x?}");
        }
    }
}
