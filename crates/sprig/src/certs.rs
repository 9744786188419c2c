//! Certificates: authorities, self-signed and signed ones, as Go's `crypto/x509` writes them for sprig.

use std::any::Any;
use std::borrow::Cow;
use std::net::IpAddr;

use rhumb_gostd::raw;
use rhumb_template::{Call, Error, Func};
use rhumb_value::{Kind, Object, Type, Value};
use sha2::{Digest, Sha256};

use crate::args::{Answer, any, fail, func, int, text};
use crate::keys::{Key, pem, unpem};
use crate::{der, dsa};

const S: Type = Type::String;
const N: Type = Type::INT;
const L: Type = Type::List;
const CERT: Type = Type::Named("sprig.certificate");

pub(crate) static FUNCS: &[Func] = &[
    func("buildCustomCert", &[S, S], CERT, build_custom),
    func("genCA", &[S, N], CERT, |c| authority(c, None)),
    func("genCAWithKey", &[S, N, S], CERT, |c| authority(c, Some(given_key(c, 2)?))),
    func("genPrivateKey", &[S], S, private_key),
    func("genSelfSignedCert", &[S, L, L, N], CERT, |c| self_signed(c, None)),
    func("genSelfSignedCertWithKey", &[S, L, L, N, S], CERT, |c| self_signed(c, Some(given_key(c, 4)?))),
    func("genSignedCert", &[S, L, L, N, CERT], CERT, |c| signed(c, None)),
    func("genSignedCertWithKey", &[S, L, L, N, CERT, S], CERT, |c| signed(c, Some(given_key(c, 5)?))),
];

/// A certificate with its key, both as PEM: sprig's `certificate`.
#[derive(Debug)]
struct Certificate {
    cert: String,
    key: String,
}

impl Object for Certificate {
    fn go_type(&self) -> &'static str {
        "sprig.certificate"
    }
    fn kind(&self) -> Kind {
        Kind::Struct
    }
    fn fields(&self) -> Vec<(&'static str, Value)> {
        vec![("Cert", self.cert.as_str().into()), ("Key", self.key.as_str().into())]
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// What a new certificate says of its owner.
struct Request {
    name: String,
    days: i64,
    names: Vec<u8>,
    is_authority: bool,
}

/// Who signs: the name as DER, the key identifier where there is one, and the key.
struct Issuer<'k> {
    name: Vec<u8>,
    identifier: Option<Vec<u8>>,
    key: &'k Key,
}

fn given_key(call: &Call<'_>, index: usize) -> Result<Key, Error> {
    Key::from_pem(&String::from_utf8_lossy(text(call, index))).map_err(|e| match e.as_str() {
        "no PEM data in input" => Error::new("parsing private key: no PEM data in input"),
        _ => Error::new(e),
    })
}

fn new_key(call: &Call<'_>, given: Option<Key>) -> Result<Key, Error> {
    match given {
        Some(key) => Ok(key),
        None => {
            Key::new_rsa::<16>(call.runtime.world()).map_err(|e| Error::new(format!("error generating rsa key: {e}")))
        }
    }
}

fn private_key(call: &mut Call<'_>) -> Answer {
    let world = call.runtime.world();
    let key = match text(call, 0) {
        b"" | b"rsa" => Key::new_rsa::<32>(world),
        b"ecdsa" => Ok(Key::new_ec(world)),
        b"ed25519" => Ok(Key::new_ed(world)),
        b"dsa" => return Ok(pem("DSA PRIVATE KEY", &dsa::generate(world)).into()),
        other => return Ok([b"Unknown type ", other].concat().into()),
    };
    Ok(key.and_then(|k| k.to_pem()).unwrap_or_else(|e| format!("failed to generate private key: {e}")).into())
}

fn authority(call: &mut Call<'_>, key: Option<Key>) -> Answer {
    let key = new_key(call, key)?;
    let request = Request {
        name: raw::text(text(call, 0)).into_owned(),
        days: int(call, 1),
        names: Vec::new(),
        is_authority: true,
    };
    let issuer = Issuer { name: name(&request.name), identifier: None, key: &key };
    issue(call, &request, &issuer, &key)
}

fn self_signed(call: &mut Call<'_>, key: Option<Key>) -> Answer {
    let request = leaf(call)?;
    let key = new_key(call, key)?;
    let issuer = Issuer { name: name(&request.name), identifier: None, key: &key };
    issue(call, &request, &issuer, &key)
}

fn signed(call: &mut Call<'_>, key: Option<Key>) -> Answer {
    let parent = any(call, 4).clone();
    let Value::Object(object) = &parent else {
        return fail("unable to parse certificate");
    };
    let Some(ca) = object.as_any().downcast_ref::<Certificate>() else {
        return fail("unable to parse certificate");
    };
    let Some((subject, identifier)) = unpem("CERTIFICATE", &ca.cert).and_then(|der| subject_of(&der)) else {
        return fail("unable to parse certificate");
    };
    let signer = Key::from_pem(&ca.key).map_err(Error::new)?;
    let request = leaf(call)?;
    let key = new_key(call, key)?;
    issue(call, &request, &Issuer { name: subject, identifier, key: &signer }, &key)
}

fn leaf(call: &Call<'_>) -> Result<Request, Error> {
    let mut names = Vec::new();
    let addresses = strings(any(call, 1), "error parsing ip")?;
    for host in strings(any(call, 2), "error processing alternate dns name")? {
        names.extend(der::element(0x82, host.as_bytes()));
    }
    for address in addresses {
        let octets = match address.parse::<IpAddr>() {
            Ok(IpAddr::V4(ip)) => ip.octets().to_vec(),
            Ok(IpAddr::V6(ip)) => ip.to_ipv4_mapped().map_or(ip.octets().to_vec(), |v4| v4.octets().to_vec()),
            Err(_) => return fail(format!("error parsing ip: {address}")),
        };
        names.extend(der::element(0x87, &octets));
    }
    let name = raw::text(text(call, 0)).into_owned();
    Ok(Request { name, days: int(call, 3), names, is_authority: false })
}

fn strings(list: &Value, doing: &str) -> Result<Vec<String>, Error> {
    let items: &[Value] = list.as_list().map_or(&[], |l| &**l);
    items
        .iter()
        .map(|item| match item {
            Value::Str(s) => Ok(s.to_string()),
            other => {
                let mut shown = Vec::new();
                rhumb_value::fmt::append_v(&mut shown, other);
                fail(format!("{doing}: {} is not a string", raw::text(&shown)))
            }
        })
        .collect()
}

/// A distinguished name of one common name.
fn name(common: &str) -> Vec<u8> {
    let printable = |b: u8| b.is_ascii_alphanumeric() || b" '()+,-./:=?*&".contains(&b);
    let tag = if common.bytes().all(printable) { 0x13 } else { 0x0c };
    if common.is_empty() {
        return der::sequence(&[]);
    }
    let pair = der::sequence(&[&[6, 3, 0x55, 4, 3], &der::element(tag, common.as_bytes())]);
    der::sequence(&[&der::element(0x31, &pair)])
}

fn issue(call: &Call<'_>, request: &Request, issuer: &Issuer<'_>, key: &Key) -> Answer {
    if matches!(raw::bytes(&request.name), Cow::Owned(_)) {
        return fail("error creating certificate: asn1: string not valid UTF-8");
    }
    let mut serial = [0; 16];
    call.runtime.world().entropy(&mut serial);
    let public = key.public_bits().map_err(Error::new)?;
    let algorithm = issuer.key.signing_algorithm();
    let now = call.runtime.world().now().0;
    let body = der::sequence(&[
        &der::element(0xa0, &der::integer(&[2])),
        &der::integer(&serial),
        &algorithm,
        &issuer.name,
        &der::sequence(&[&time(now), &time(now.saturating_add(request.days.saturating_mul(86_400)))]),
        &name(&request.name),
        &der::sequence(&[&key.algorithm(), &der::bits(&public)]),
        &der::element(0xa3, &extensions(request, issuer, &public)),
    ]);
    let signature = issuer.key.sign(&body).map_err(|e| Error::new(format!("error creating certificate: {e}")))?;
    let cert = der::sequence(&[&body, &algorithm, &der::bits(&signature)]);
    let key = key.to_pem().map_err(Error::new)?;
    Ok(Value::object(Certificate { cert: pem("CERTIFICATE", &cert), key }))
}

/// The extensions in Go's order.
fn extensions(request: &Request, issuer: &Issuer<'_>, public: &[u8]) -> Vec<u8> {
    const CRITICAL: &[u8] = &[1, 1, 0xff];
    let usage: &[u8] = if request.is_authority { &[3, 2, 2, 0xa4] } else { &[3, 2, 5, 0xa0] };
    let constraints = if request.is_authority { der::sequence(&[CRITICAL]) } else { der::sequence(&[]) };
    let server_client = der::sequence(&[&[6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 1], &[6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 2]]);
    let mut all =
        vec![extension(15, CRITICAL, usage), extension(37, &[], &server_client), extension(19, CRITICAL, &constraints)];
    if request.is_authority {
        // Go identifies a key by the first 160 bits of its SHA-256 (RFC 7093).
        all.push(extension(14, &[], &der::element(4, &Sha256::digest(public)[..20])));
    }
    if let Some(id) = &issuer.identifier {
        all.push(extension(35, &[], &der::sequence(&[&der::element(0x80, id)])));
    }
    if !request.names.is_empty() {
        all.push(extension(17, &[], &der::sequence(&[&request.names])));
    }
    der::sequence(&all.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

/// An extension of the standard arc 2.5.29.
fn extension(number: u8, critical: &[u8], content: &[u8]) -> Vec<u8> {
    der::sequence(&[&[6, 3, 0x55, 0x1d, number], critical, &der::element(4, content)])
}

/// Two digits of the year until 2049, four after it (RFC 5280).
fn time(seconds: i64) -> Vec<u8> {
    let (year, month, day) = date(seconds.div_euclid(86_400));
    let clock = seconds.rem_euclid(86_400);
    let rest = format!("{month:02}{day:02}{:02}{:02}{:02}Z", clock / 3600, clock / 60 % 60, clock % 60);
    match year {
        ..2050 => der::element(0x17, format!("{:02}{rest}", year % 100).as_bytes()),
        _ => der::element(0x18, format!("{year:04}{rest}").as_bytes()),
    }
}

/// Year, month and day of a day counted from 1970-01-01, by counting eras of 400 years from a first of March.
fn date(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// The subject of a certificate as DER, and its subject key identifier.
fn subject_of(cert: &[u8]) -> Option<(Vec<u8>, Option<Vec<u8>>)> {
    let (_, outer, _) = der::read(cert)?;
    let (_, mut body, _) = der::read(outer)?;
    let mut fields = Vec::new();
    while let Some((tag, content, rest)) = der::read(body) {
        fields.push((tag, content));
        body = rest;
    }
    // version, serial, algorithm, issuer, validity, subject
    let (_, subject) = *fields.get(5)?;
    let identifier = fields.iter().find(|(tag, _)| *tag == 0xa3).and_then(|(_, content)| {
        let (_, mut list, _) = der::read(content)?;
        while let Some((_, one, rest)) = der::read(list) {
            if let Some(octets) = one.strip_prefix(&[6, 3, 0x55, 0x1d, 14]) {
                let (_, inner, _) = der::read(octets)?;
                return der::read(inner).map(|(_, id, _)| id.to_vec());
            }
            list = rest;
        }
        None
    });
    Some((der::element(0x30, subject), identifier))
}

fn build_custom(call: &mut Call<'_>) -> Answer {
    use base64::Engine as _;
    let decode = |i: usize| base64::engine::general_purpose::STANDARD.decode(text(call, i)).ok();
    let Some(cert) = decode(0) else { return fail("unable to decode base64 certificate") };
    let Some(key) = decode(1) else { return fail("unable to decode base64 private key") };
    let (cert, key) = (String::from_utf8_lossy(&cert).into_owned(), String::from_utf8_lossy(&key).into_owned());
    if unpem("CERTIFICATE", &cert).and_then(|der| subject_of(&der)).is_none() {
        return fail("unable to decode certificate");
    }
    Key::from_pem(&key).map_err(|e| match e.as_str() {
        "no PEM data in input" => Error::new("unable to decode key: no PEM data in input"),
        _ => Error::new(format!("error parsing pem-encoded key from input value \"key\": {e}")),
    })?;
    Ok(Value::object(Certificate { cert, key }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        let cases: &[(i64, (i64, i64, i64))] = &[
            (0, (1970, 1, 1)),
            (-1, (1969, 12, 31)),
            (11_016, (2000, 2, 29)),
            (20_778, (2026, 11, 21)),
            (29_219, (2049, 12, 31)),
        ];
        for (days, want) in cases {
            assert_eq!(date(*days), *want, "{days}");
        }
        assert_eq!(time(0), b"\x17\x0d700101000000Z");
        assert_eq!(time(2_524_608_000), b"\x18\x0f20500101000000Z");
    }
}
