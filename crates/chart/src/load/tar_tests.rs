//! Observed with `helm template` and `helm show chart` of Helm 4.3.1.

use super::*;

fn block(name: &[u8], size: usize, kind: u8) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    block[..name.len()].copy_from_slice(name);
    block[100..107].copy_from_slice(b"0000644");
    block[124..135].copy_from_slice(format!("{size:011o}").as_bytes());
    block[156] = kind;
    block[257..265].copy_from_slice(b"ustar\x0000");
    summed(block)
}

fn summed(mut block: [u8; BLOCK]) -> [u8; BLOCK] {
    block[148..156].fill(b' ');
    let sum: u32 = block.iter().map(|b| u32::from(*b)).sum();
    block[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    block
}

/// A member with its content.
fn member(name: &str, kind: u8, data: &[u8]) -> Vec<u8> {
    let mut out = block(name.as_bytes(), data.len(), kind).to_vec();
    out.extend(data);
    out.resize(out.len().next_multiple_of(BLOCK), 0);
    out
}

/// `x` with `hello`, after a change of its header.
fn changed(at: usize, text: &[u8]) -> Vec<u8> {
    let mut header = block(b"x", 5, b'0');
    header[at..at + text.len()].copy_from_slice(text);
    [&summed(header)[..], &member("", b'0', b"hello")[BLOCK..]].concat()
}

fn run(archive: &[u8]) -> String {
    let mut tar = Tar::new(archive);
    let mut out = Vec::new();
    loop {
        match tar.next() {
            Ok(None) => return out.join(" "),
            Err(text) => return [out.join(" "), text].join("!"),
            Ok(Some(entry)) => {
                let mut data = Vec::new();
                if let Err(e) = tar.read_to_end(&mut data) {
                    return [out.join(" "), e.to_string()].join("!");
                }
                let kind = if entry.is_dir() { "/" } else { "" };
                out.push(format!("{}{kind}={}", entry.name.escape_ascii(), data.escape_ascii()));
            }
        }
    }
}

#[test]
fn headers() {
    const BAD: &str = "!archive/tar: invalid tar header";
    let cases: &[(usize, &[u8], &str)] = &[
        (0, b"y", "y=hello"),
        (100, b"zzzzzzz\0", BAD),
        (100, b"0040755\0", "x/=hello"),
        (108, b"zzzzzzz\0", BAD),
        (124, b"          5 ", "x=hello"),
        (124, b"+5\0\0\0\0\0\0\0\0\0\0", BAD),
        (124, b"\x80\0\0\0\0\0\0\0\0\0\0\x05", "x=hello"),
        (124, b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", BAD),
        (124, b"77777777777\0", "!unexpected EOF"),
        (136, b"zzzzzzzzzzz\0", BAD),
        (156, b"5", "x/=!archive/tar: invalid tar header"),
        (156, b"2", "x=!archive/tar: invalid tar header"),
        (156, b"7", "x=hello"),
        (257, b"\0\0\0\0\0\0\0\0", "x=hello"),
        (329, b"zzzzzzz\0", BAD),
        (345, b"c/d\0junk", "c/d/x=hello"),
        (508, b"tar\0", "x=hello"),
    ];
    for (at, text, want) in cases {
        assert_eq!(run(&changed(*at, text)), *want, "{at} {text:?}");
    }
    let mut gnu = block(b"x", 5, b'0');
    gnu[257..265].copy_from_slice(b"ustar  \0");
    gnu[345..347].copy_from_slice(b"c\0");
    assert_eq!(run(&[&summed(gnu)[..], &member("", b'0', b"hello")[BLOCK..]].concat()), "c/x=hello");
    let mut wrong = block(b"x", 0, b'0');
    wrong[0] = b'y';
    assert_eq!(run(&wrong), BAD);
}

#[test]
fn ends() {
    let good = member("x", b'0', b"hello");
    let zeros = [0; 2 * BLOCK];
    let cases: &[(&[&[u8]], &str)] = &[
        (&[b""], ""),
        (&[&good], "x=hello"),
        (&[&good, &zeros], "x=hello"),
        (&[&good, &zeros[..BLOCK]], "x=hello"),
        (&[&good, &zeros, b"junk"], "x=hello"),
        (&[&good[..700]], "x=hello"),
        (&[&good[..514]], "!unexpected EOF"),
        (&[&good[..100]], "!unexpected EOF"),
        (&[&good, b"junk"], "x=hello!unexpected EOF"),
        (&[&zeros[..BLOCK], &good], "!archive/tar: invalid tar header"),
        (&[&good, &[b'j'; BLOCK]], "x=hello!archive/tar: invalid tar header"),
    ];
    for (parts, want) in cases {
        assert_eq!(run(&parts.concat()), *want);
    }
}

#[test]
fn members_that_describe_others() {
    let file = member("x", b'0', b"hello");
    let cases: &[(&[(u8, &str)], &str)] = &[
        (&[(b'x', "12 path=c/q\n")], "c/q=hello"),
        (&[(b'x', "12 path=c/q\n12 path=c/r\n")], "c/r=hello"),
        (&[(b'x', "12 path=c/q\n"), (b'x', "13 foo=bar_\n")], "!archive/tar: invalid tar header"),
        (&[(b'x', "12 path=c/q\n"), (b'x', "12 foo=bar_\n")], "x=hello"),
        (&[(b'x', "13 path=c/=q\n")], "c/=q=hello"),
        (&[(b'x', "8 path=\n")], "x=hello"),
        (&[(b'x', "8 size=x\n")], "!archive/tar: invalid tar header"),
        (&[(b'x', "9 size=x\n")], "!archive/tar: invalid tar header"),
        (&[(b'x', "10 size=-1\n")], "!archive/tar: invalid tar header"),
        (&[(b'x', "13 mtime=1.5\n")], "x=hello"),
        (&[(b'x', "13 mtime=1.x\n")], "!archive/tar: invalid tar header"),
        (&[(b'x', "a=b\n")], "!archive/tar: invalid tar header"),
        (&[(b'x', "6 a=b")], "!archive/tar: invalid tar header"),
        (&[(b'x', "10 a\0=bbb\n")], "!archive/tar: invalid tar header"),
        (&[(b'g', "12 path=c/q\n")], "d= x=hello"),
        (&[(b'L', "c/long\0")], "c/long=hello"),
        (&[(b'L', "\0")], "x=hello"),
        (&[(b'K', "c/long\0")], "x=hello"),
        (&[(b'x', "12 path=c/q\n"), (b'L', "c/l\0junk")], "c/l=hello"),
    ];
    for (before, want) in cases {
        let mut archive: Vec<u8> = before.iter().flat_map(|(kind, text)| member("d", *kind, text.as_bytes())).collect();
        archive.extend(&file);
        assert_eq!(run(&archive), *want, "{before:?}");
    }
    assert_eq!(run(&member("d", b'L', b"c/long")), "");
    let large = member("d", b'x', &vec![b'0'; (1 << 20) + 1]);
    assert_eq!(run(&large), "!archive/tar: header field too long");
}
