//! What a file seems to be by its first bytes: the signatures of the MIME Sniffing standard, in the selection and the words
//! of Go's `http.DetectContentType`.

/// How many bytes are looked at. A shorter file is looked at as if zeros followed.
const MOST: usize = 512;

/// Tags that begin a page, in upper case; a blank or `>` follows.
const TAGS: &[&str] = &[
    "<!DOCTYPE HTML",
    "<HTML",
    "<HEAD",
    "<SCRIPT",
    "<IFRAME",
    "<H1",
    "<DIV",
    "<FONT",
    "<TABLE",
    "<A",
    "<STYLE",
    "<TITLE",
    "<B",
    "<BODY",
    "<BR",
    "<P",
    "<!--",
];

/// Bytes at the very start.
const STARTS: &[(&[u8], &str)] = &[
    (b"%PDF-", "application/pdf"),
    (b"%!PS-Adobe-", "application/postscript"),
    (b"\xfe\xff", "text/plain; charset=utf-16be"),
    (b"\xff\xfe", "text/plain; charset=utf-16le"),
    (b"\xef\xbb\xbf", "text/plain; charset=utf-8"),
    (b"\0\0\x01\0", "image/x-icon"),
    (b"\0\0\x02\0", "image/x-icon"),
    (b"BM", "image/bmp"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"ID3", "audio/mpeg"),
    (b"OggS\0", "application/ogg"),
    (b"MThd\0\0\0\x06", "audio/midi"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),
    (b"\0\x01\0\0", "font/ttf"),
    (b"OTTO", "font/otf"),
    (b"ttcf", "font/collection"),
    (b"wOFF", "font/woff"),
    (b"wOF2", "font/woff2"),
    (b"\x1f\x8b\x08", "application/x-gzip"),
    (b"PK\x03\x04", "application/zip"),
    (b"Rar!\x1a\x07\0", "application/x-rar-compressed"),
    (b"Rar!\x1a\x07\x01\0", "application/x-rar-compressed"),
    (b"\0asm", "application/wasm"),
];

/// A container and what stands behind its size.
const CONTAINERS: &[(&[u8], &[u8], &str)] = &[
    (b"RIFF", b"WEBPVP", "image/webp"),
    (b"FORM", b"AIFF", "audio/aiff"),
    (b"RIFF", b"AVI ", "video/avi"),
    (b"RIFF", b"WAVE", "audio/wave"),
];

/// The type of content.
pub(crate) fn content_type(bytes: &[u8]) -> &'static str {
    let bytes = &bytes[..bytes.len().min(MOST)];
    let text = bytes.trim_ascii_start();
    if is_page(text) {
        return "text/html; charset=utf-8";
    }
    if text.starts_with(b"<?xml") {
        return "text/xml; charset=utf-8";
    }
    let start = STARTS.iter().find(|(start, _)| padded(bytes, 0, start)).map(|(_, kind)| *kind);
    let contained = CONTAINERS.iter().find(|(start, inner, _)| bytes.starts_with(start) && padded(bytes, 8, inner));
    match start.or(contained.map(|(_, _, kind)| *kind)) {
        Some(kind) => kind,
        None if is_film(bytes) => "video/mp4",
        None if bytes.len() == MOST && !bytes.iter().any(is_binary) => "text/plain; charset=utf-8",
        None => "application/octet-stream",
    }
}

/// Whether the signature stands there, zeros taken for what is behind the end.
fn padded(bytes: &[u8], at: usize, signature: &[u8]) -> bool {
    (0..signature.len()).all(|i| bytes.get(at + i).copied().unwrap_or(0) == signature[i])
}

fn is_page(text: &[u8]) -> bool {
    TAGS.iter().any(|tag| {
        let ends = matches!(text.get(tag.len()), Some(b' ' | b'>'));
        ends && text[..tag.len()].eq_ignore_ascii_case(tag.as_bytes())
    })
}

/// A box of type `ftyp` that names a brand of mp4.
fn is_film(bytes: &[u8]) -> bool {
    let Some((size, rest)) = bytes.split_first_chunk::<4>() else { return false };
    let size = u32::from_be_bytes(*size) as usize;
    let brands = (8..size.min(MOST)).step_by(4).filter(|at| *at != 12);
    size.is_multiple_of(4)
        && size <= MOST
        && rest.starts_with(b"ftyp")
        && brands.into_iter().any(|at| padded(bytes, at, b"mp4"))
}

fn is_binary(byte: &u8) -> bool {
    matches!(byte, 0..=8 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Observed with `helm template FILE` of Helm 4.3.1.
    #[test]
    fn kinds() {
        let long = b"hello ".repeat(100);
        let cases: &[(&[u8], &str)] = &[
            (b"hello", "application/octet-stream"),
            (&long, "text/plain; charset=utf-8"),
            (b"", "application/octet-stream"),
            (b"\x1f", "application/octet-stream"),
            (b" <html>", "text/html; charset=utf-8"),
            (b"<html", "application/octet-stream"),
            (b"<b>x", "text/html; charset=utf-8"),
            (b"<!-- x", "text/html; charset=utf-8"),
            (b"<?xml", "text/xml; charset=utf-8"),
            (b"%PDF-1", "application/pdf"),
            (b"PK\x03\x04", "application/zip"),
            (b"\x00\x00\x00\x18ftypmp42", "video/mp4"),
            (b"RIFF\x00\x00\x00\x00WAVE", "audio/wave"),
            (b"\x00\x00\x01\x00", "image/x-icon"),
            (b"\xff\xfea\x00", "text/plain; charset=utf-16le"),
        ];
        for (bytes, want) in cases {
            assert_eq!(content_type(bytes), *want, "{:?}", bytes.escape_ascii().to_string());
        }
    }
}
