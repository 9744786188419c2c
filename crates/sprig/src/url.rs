//! URLs taken apart and put together.

use rhumb_gostd::url::Url;
use rhumb_template::{Call, Func};
use rhumb_value::{Map, Type, Value};

use crate::args::{Answer, NIL_POINTER, fail, func, map, text};

pub(crate) static FUNCS: &[Func] =
    &[func("urlParse", &[Type::String], Type::Map, url_parse), func("urlJoin", &[Type::Map], Type::String, url_join)];

fn url_parse(c: &mut Call<'_>) -> Answer {
    let url = match Url::parse(text(c, 0)) {
        Ok(url) => url,
        Err(e) => return fail(format!("unable to parse url: {e}")),
    };
    let made = Map::new();
    made.insert("hostname", url.hostname().to_vec());
    made.insert("userinfo", url.user.as_ref().map(ToString::to_string).unwrap_or_default());
    made.insert("scheme", url.scheme);
    made.insert("host", url.host);
    made.insert("path", url.path);
    made.insert("query", url.raw_query);
    made.insert("opaque", url.opaque);
    made.insert("fragment", url.fragment);
    Ok(made.into())
}

fn url_join(c: &mut Call<'_>) -> Answer {
    let parts = map(c, 0);
    let part = |key: &str| match parts.get(key) {
        None => Ok(Vec::new()),
        Some(Value::Str(s)) => Ok(s.to_vec()),
        Some(Value::Nil) => fail(NIL_POINTER),
        Some(other) => {
            fail(format!("unable to parse {key} key, must be of type string, but {} found", other.kind().name()))
        }
    };
    let mut url = Url {
        scheme: part("scheme")?,
        host: part("host")?,
        path: part("path")?,
        raw_query: part("query")?,
        opaque: part("opaque")?,
        fragment: part("fragment")?,
        ..Url::default()
    };
    let userinfo = part("userinfo")?;
    if !userinfo.is_empty() {
        match Url::parse(&[b"proto://", &userinfo[..], b"@host"].concat()) {
            Ok(read) => url.user = read.user,
            Err(e) => return fail(format!("unable to parse userinfo in dict: {e}")),
        }
    }
    Ok(url.to_bytes().into())
}
