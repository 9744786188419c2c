//! tar as Go's `archive/tar` reads it: V7, ustar, star, GNU and PAX, its checks and its words for faults.

use std::io::{self, Read};

const BLOCK: usize = 512;

/// The most that the records of one extended header may have.
const MOST_SPECIAL: u64 = 1 << 20;

const BAD: &str = "archive/tar: invalid tar header";
const SHORT: &str = "unexpected EOF";

/// One member, its content still to be read.
#[derive(Debug, Default)]
pub(crate) struct Entry {
    /// The name as it stands, in no known encoding.
    pub(crate) name: Vec<u8>,
    /// How many bytes the header promises.
    pub(crate) size: u64,
    /// Modification time in seconds since 1970.
    pub(crate) modified: i64,
    /// The type flag.
    pub(crate) kind: u8,
    mode: i64,
}

impl Entry {
    /// A folder, by its type or by its mode.
    pub(crate) fn is_dir(&self) -> bool {
        self.kind == b'5' || self.mode & !0o7777 == 0o40000
    }

    /// Links, devices, folders and pipes have no content, whatever the header promises.
    fn is_header_only(&self) -> bool {
        matches!(self.kind, b'1'..=b'6')
    }
}

/// A reader of members, one after the other.
pub(crate) struct Tar<R> {
    source: R,
    /// What is left of the current member's content, and the bytes that fill its last block.
    left: u64,
    padding: usize,
}

impl<R: Read> Tar<R> {
    pub(crate) fn new(source: R) -> Self {
        Self { source, left: 0, padding: 0 }
    }

    /// The next member; nothing at the end. Those that only describe others are taken in, but for the global ones.
    pub(crate) fn next(&mut self) -> Result<Option<Entry>, String> {
        let (mut records, mut long_name) = (Vec::new(), Vec::new());
        loop {
            let Some(mut entry) = self.header()? else { return Ok(None) };
            match entry.kind {
                b'x' | b'g' => {
                    records = parse_records(&self.special(&entry)?).ok_or(BAD)?;
                    if entry.kind == b'g' {
                        return Ok(Some(entry));
                    }
                }
                b'L' | b'K' => {
                    let text = c_string(&self.special(&entry)?).to_vec();
                    if entry.kind == b'L' {
                        long_name = text;
                    }
                }
                _ => {
                    let size = apply(&mut entry, &records)?;
                    if !long_name.is_empty() {
                        entry.name = long_name;
                    }
                    if entry.kind == 0 {
                        entry.kind = if entry.name.ends_with(b"/") { b'5' } else { b'0' };
                    }
                    entry.size = u64::try_from(size).map_err(|_| BAD)?;
                    self.open(&entry);
                    return Ok(Some(entry));
                }
            }
        }
    }

    fn open(&mut self, entry: &Entry) {
        self.left = if entry.is_header_only() { 0 } else { entry.size };
        self.padding = (BLOCK - (self.left % BLOCK as u64) as usize) % BLOCK;
    }

    /// The content of a member that describes the next.
    fn special(&mut self, entry: &Entry) -> Result<Vec<u8>, String> {
        self.open(entry);
        let mut data = Vec::new();
        self.take(MOST_SPECIAL + 1).read_to_end(&mut data).map_err(|e| e.to_string())?;
        if data.len() as u64 > MOST_SPECIAL {
            return Err("archive/tar: header field too long".into());
        }
        Ok(data)
    }

    /// Skips what is left of the current member, then reads a header. An archive ends with two empty blocks, or just so.
    fn header(&mut self) -> Result<Option<Entry>, String> {
        io::copy(self, &mut io::sink()).map_err(|e| e.to_string())?;
        let mut block = [0; BLOCK];
        let padding = std::mem::take(&mut self.padding);
        // Where the last block is cut short, nothing is missed.
        if self.fill(&mut block[..padding])? < padding {
            return Ok(None);
        }
        if !self.block(&mut block)? {
            return Ok(None);
        }
        if block == [0; BLOCK] {
            return match self.block(&mut block)? && block != [0; BLOCK] {
                true => Err(BAD.into()),
                false => Ok(None),
            };
        }
        let mut entry = parse_header(&block).ok_or(BAD)?;
        if entry.kind == 0 && entry.name.ends_with(b"/") {
            entry.kind = b'5';
        }
        Ok(Some(entry))
    }

    /// Reads a whole block; not at the end.
    fn block(&mut self, block: &mut [u8; BLOCK]) -> Result<bool, String> {
        match self.fill(block)? {
            0 => Ok(false),
            BLOCK => Ok(true),
            _ => Err(SHORT.into()),
        }
    }

    /// Reads as much as there is.
    fn fill(&mut self, mut out: &mut [u8]) -> Result<usize, String> {
        let mut total = 0;
        while !out.is_empty() {
            match self.source.read(out).map_err(|e| e.to_string())? {
                0 => break,
                read => {
                    total += read;
                    out = &mut out[read..];
                }
            }
        }
        Ok(total)
    }
}

/// Reads the content of the current member.
impl<R: Read> Read for Tar<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(out.len());
        if most == 0 {
            return Ok(0);
        }
        match self.source.read(&mut out[..most])? {
            0 => Err(io::Error::other(SHORT)),
            read => {
                self.left -= read as u64;
                Ok(read)
            }
        }
    }
}

fn parse_header(block: &[u8; BLOCK]) -> Option<Entry> {
    check_sum(block)?;
    let mut entry = Entry {
        name: c_string(&block[..100]).to_vec(),
        mode: number(&block[100..108])?,
        size: u64::try_from(number(&block[124..136])?).ok()?,
        modified: number(&block[136..148])?,
        kind: block[156],
    };
    let (uid, gid) = (&block[108..116], &block[116..124]);
    number(uid).and(number(gid))?;
    let magic = &block[257..265];
    if !matches!(magic, b"ustar\x0000" | b"ustar  \0") {
        return Some(entry);
    }
    let (major, minor) = (&block[329..337], &block[337..345]);
    number(major).and(number(minor))?;
    let prefix = match magic {
        b"ustar  \0" => gnu_prefix(block),
        _ if &block[508..] == b"tar\0" => {
            number(&block[476..488]).and(number(&block[488..500]))?;
            c_string(&block[345..476])
        }
        _ => c_string(&block[345..500]),
    };
    if !prefix.is_empty() {
        entry.name = [prefix, b"/", &entry.name].concat();
    }
    Some(entry)
}

/// Two times stand where others have the prefix; some writers put the prefix there all the same.
fn gnu_prefix(block: &[u8; BLOCK]) -> &[u8] {
    let is_time = |field: &[u8]| field[0] == 0 || number(field).is_some();
    let prefix = c_string(&block[345..500]);
    let is_prefix = !(is_time(&block[345..357]) && is_time(&block[357..369])) && prefix.is_ascii();
    if is_prefix { prefix } else { b"" }
}

/// The sum of all bytes, its own field counted as blanks. Old writers took the bytes as signed.
fn check_sum(block: &[u8; BLOCK]) -> Option<()> {
    let told = octal(&block[148..156])?;
    let counted = block.iter().enumerate().map(|(i, b)| if (148..156).contains(&i) { b' ' } else { *b });
    let unsigned: i64 = counted.clone().map(i64::from).sum();
    let signed: i64 = counted.map(|b| i64::from(b as i8)).sum();
    (told == unsigned || told == signed).then_some(())
}

fn c_string(field: &[u8]) -> &[u8] {
    field.split(|b| *b == 0).next().unwrap_or(field)
}

/// A number in octal, or in base 256 where the first bit is set.
fn number(field: &[u8]) -> Option<i64> {
    let first = *field.first()?;
    if first & 0x80 == 0 {
        return octal(field);
    }
    let inverse = if first & 0x40 == 0 { 0 } else { 0xff };
    let mut value: u64 = 0;
    for (i, byte) in field.iter().enumerate() {
        let byte = byte ^ inverse;
        let byte = if i == 0 { byte & 0x7f } else { byte };
        if value >> 56 > 0 {
            return None;
        }
        value = value << 8 | u64::from(byte);
    }
    let value = i64::try_from(value).ok()?;
    Some(if inverse == 0 { value } else { !value })
}

/// Digits between blanks and NULs; none are zero.
fn octal(field: &[u8]) -> Option<i64> {
    let is_blank = |b: &u8| matches!(b, b' ' | 0);
    let Some(start) = field.iter().position(|b| !is_blank(b)) else { return Some(0) };
    let end = field.iter().rposition(|b| !is_blank(b))? + 1;
    let digits = c_string(&field[start..end]);
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    u64::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok().map(|n| n as i64)
}

type Record = (Vec<u8>, Vec<u8>);

/// The records of an extended header: `LENGTH KEY=VALUE` and a newline each.
fn parse_records(mut data: &[u8]) -> Option<Vec<Record>> {
    let mut records = Vec::new();
    while !data.is_empty() {
        let blank = data.iter().position(|b| *b == b' ')?;
        let len: usize = std::str::from_utf8(&data[..blank]).ok()?.parse().ok()?;
        if len < 5 || len > data.len() || blank + 1 >= len {
            return None;
        }
        let record = data[blank + 1..len].strip_suffix(b"\n")?;
        let equals = record.iter().position(|b| *b == b'=')?;
        let (key, value) = (&record[..equals], &record[equals + 1..]);
        let is_text = matches!(key, b"path" | b"linkpath" | b"uname" | b"gname");
        if key.is_empty() || (if is_text { value } else { key }).contains(&0) {
            return None;
        }
        records.push((key.to_vec(), value.to_vec()));
        data = &data[len..];
    }
    Some(records)
}

/// Takes over what the records say; gives the size. Of several of one key the last counts, and an empty one for nothing.
fn apply(entry: &mut Entry, records: &[Record]) -> Result<i64, String> {
    let mut size = i64::try_from(entry.size).map_err(|_| BAD)?;
    let last =
        |key: &[u8]| records.iter().rev().find(|(k, _)| k == key).map(|(_, value)| value).filter(|v| !v.is_empty());
    let whole = |value: &[u8]| std::str::from_utf8(value).ok().and_then(|t| t.parse::<i64>().ok()).ok_or(BAD);
    for key in ["uid", "gid"] {
        last(key.as_bytes()).map_or(Ok(0), |value| whole(value))?;
    }
    for key in ["atime", "ctime", "mtime"] {
        let Some(value) = last(key.as_bytes()) else { continue };
        let (seconds, parts) = match value.iter().position(|b| *b == b'.') {
            Some(at) => (&value[..at], &value[at + 1..]),
            None => (&value[..], &b""[..]),
        };
        if !parts.iter().all(u8::is_ascii_digit) {
            return Err(BAD.into());
        }
        let seconds = whole(seconds)?;
        if key == "mtime" {
            entry.modified = seconds;
        }
    }
    if let Some(value) = last(b"size") {
        size = whole(value)?;
    }
    if let Some(path) = last(b"path") {
        entry.name.clone_from(path);
    }
    // Files with holes are not taken apart; what packs charts writes none.
    if entry.kind == b'S' || last(b"GNU.sparse.major").is_some() || last(b"GNU.sparse.map").is_some() {
        return Err(BAD.into());
    }
    Ok(size)
}

#[cfg(test)]
#[path = "tar_tests.rs"]
mod tests;
