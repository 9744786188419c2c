//! A small double of Polaris: as much of its API as the bootstrap uses, on a port of its own, with the answers of the real server.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::{Value, json};

/// The token that a double gives out. It must never be printed.
pub(super) const TOKEN: &str = "eyJ-the-token-of-the-double";

/// How a double departs from a server that just works.
#[derive(Debug, Clone, Default)]
pub(super) struct Behaviour {
    /// So many requests are answered by 503 first.
    pub(super) not_ready: usize,
    /// A grant or an assignment that is there already is an error of the database, as in Polaris 1.3, instead of 201.
    pub(super) repeated_is_an_error: bool,
    /// Every token is refused once it has been used so often.
    pub(super) token_lasts: Option<usize>,
    /// What a request whose path ends with this is answered.
    pub(super) instead: Option<(&'static str, u16, &'static str)>,
}

/// What a double holds.
#[derive(Debug, Default)]
pub(super) struct Held {
    /// Method, path, realm and body of every request, in their order.
    pub(super) requests: Vec<(String, String, String, String)>,
    /// The catalogs, by name.
    pub(super) catalogs: BTreeMap<String, Value>,
    /// Principals, roles, assignments and grants, as words.
    pub(super) names: BTreeSet<String>,
    answered: usize,
    used: usize,
}

/// A running double; it ends with the test's process.
#[derive(Debug, Clone)]
pub(super) struct Double {
    /// Where it is.
    pub(super) url: String,
    held: Arc<Mutex<Held>>,
}

impl Double {
    /// Starts one whose root principal has this password.
    pub(super) fn start(secret: &str, behaviour: Behaviour) -> Double {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let held = Arc::new(Mutex::new(Held::default()));
        let (state, secret) = (Arc::clone(&held), secret.to_owned());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                serve(stream, &state, &secret, &behaviour);
            }
        });
        Double { url, held }
    }

    /// What it holds now.
    pub(super) fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().expect("no panic in the double")
    }

    /// The requests so far, as `METHOD path`.
    pub(super) fn asked(&self) -> Vec<String> {
        self.held().requests.iter().map(|(method, path, ..)| format!("{method} {path}")).collect()
    }
}

/// A request: method, path, headers, body.
struct Request {
    method: String,
    path: String,
    headers: BTreeMap<String, String>,
    body: String,
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_lowercase(), value.to_owned());
    }
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Request { method, path, headers, body: String::from_utf8(body).ok()? })
}

fn serve(mut stream: TcpStream, held: &Mutex<Held>, secret: &str, behaviour: &Behaviour) {
    let Some(request) = read(&stream) else { return };
    let (status, body) = {
        let mut held = held.lock().expect("no panic in the double");
        let realm = request.headers.get("polaris-realm").cloned().unwrap_or_default();
        held.requests.push((request.method.clone(), request.path.clone(), realm, request.body.clone()));
        held.answered += 1;
        if held.answered <= behaviour.not_ready {
            (503, String::new())
        } else {
            answer(&mut held, &request, secret, behaviour)
        }
    };
    let location = if status == 302 { "Location: http://127.0.0.1:9/elsewhere\r\n" } else { "" };
    let head = format!("HTTP/1.1 {status} x\r\n{location}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    // The client may have gone.
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
}

fn error(status: u16, kind: &str, message: &str) -> (u16, String) {
    (status, json!({"error": {"message": message, "type": kind, "code": status}}).to_string())
}

fn answer(held: &mut Held, request: &Request, secret: &str, behaviour: &Behaviour) -> (u16, String) {
    let path = request.path.as_str();
    if let Some((_, status, body)) = behaviour.instead.filter(|(end, ..)| path.ends_with(end)) {
        return (status, body.to_owned());
    }
    match path {
        "/q/health/ready" => (200, json!({"status": "UP", "checks": []}).to_string()),
        "/api/catalog/v1/oauth/tokens" => token(held, &request.body, secret),
        _ if request.headers.get("authorization") != Some(&format!("Bearer {TOKEN}")) => {
            error(401, "NotAuthorized", "no token")
        }
        _ => {
            held.used += 1;
            if behaviour.token_lasts.is_some_and(|most| held.used > most) {
                return error(401, "NotAuthorized", "the token has run out");
            }
            let body = serde_json::from_str(&request.body).unwrap_or(Value::Null);
            manage(held, &request.method, path, &body, behaviour)
        }
    }
}

fn token(held: &mut Held, form: &str, secret: &str) -> (u16, String) {
    let given: BTreeMap<_, _> = form.split('&').filter_map(|pair| pair.split_once('=')).collect();
    let want = [
        ("grant_type", "client_credentials"),
        ("client_id", "root"),
        ("client_secret", secret),
        ("scope", "PRINCIPAL_ROLE%3AALL"),
    ];
    if want.iter().any(|(name, value)| given.get(name) != Some(value)) {
        return error(
            401,
            "unauthorized_client",
            &format!("the secret {} is not right", given.get("client_secret").unwrap_or(&"")),
        );
    }
    held.used = 0;
    (200, json!({"access_token": TOKEN, "token_type": "bearer", "expires_in": 3600}).to_string())
}

fn manage(held: &mut Held, method: &str, path: &str, body: &Value, behaviour: &Behaviour) -> (u16, String) {
    let Some(path) = path.strip_prefix("/api/management/v1/") else { return error(404, "NotFound", path) };
    let parts: Vec<&str> = path.split('/').collect();
    let name = |key: &str| body[key]["name"].as_str().unwrap_or_default().to_owned();
    match (method, parts.as_slice()) {
        ("GET", ["catalogs"]) => (200, json!({"catalogs": held.catalogs.values().collect::<Vec<_>>()}).to_string()),
        ("POST", ["catalogs"]) => match held.catalogs.entry(name("catalog")) {
            std::collections::btree_map::Entry::Occupied(entry) => {
                error(409, "AlreadyExists", &format!("catalog {} exists", entry.key()))
            }
            std::collections::btree_map::Entry::Vacant(entry) => {
                (201, entry.insert(body["catalog"].clone()).to_string())
            }
        },
        ("GET", ["catalogs", name]) => {
            held.catalogs.get(&decoded(name)).map_or_else(|| error(404, "NotFound", name), |c| (200, c.to_string()))
        }
        ("POST", ["principals"]) => {
            let secret = json!({"clientId": "new", "clientSecret": "credentials-of-a-new-principal"});
            new(
                held,
                format!("principal {}", name("principal")),
                &json!({"principal": body["principal"], "credentials": secret}),
            )
        }
        ("POST", ["principal-roles"]) => new(held, format!("principal role {}", name("principalRole")), body),
        ("POST", ["catalogs", catalog, "catalog-roles"]) => {
            new(held, format!("role {} of {}", name("catalogRole"), decoded(catalog)), body)
        }
        ("PUT", ["principals", principal, "principal-roles"]) => {
            row(held, format!("{} is {}", decoded(principal), name("principalRole")), behaviour)
        }
        ("PUT", ["principal-roles", role, "catalog-roles", catalog]) => {
            row(held, format!("{} is {} of {}", decoded(role), name("catalogRole"), decoded(catalog)), behaviour)
        }
        ("PUT", ["catalogs", catalog, "catalog-roles", role, "grants"]) => {
            let grant = &body["grant"];
            let words =
                format!("{} of {} may {} {}", decoded(role), decoded(catalog), grant["type"], grant["privilege"]);
            row(held, words, behaviour)
        }
        _ => error(405, "NotAllowed", &format!("{method} {path}")),
    }
}

/// A thing with a name: 409 where it is there already.
fn new(held: &mut Held, words: String, body: &Value) -> (u16, String) {
    if held.names.insert(words.clone()) { (201, body.to_string()) } else { error(409, "AlreadyExists", &words) }
}

/// A row of a table: fine to write again, or an error of the database.
fn row(held: &mut Held, words: String, behaviour: &Behaviour) -> (u16, String) {
    if held.names.insert(words) || !behaviour.repeated_is_an_error {
        return (201, String::new());
    }
    error(
        500,
        "RuntimeException",
        "Failed to write grant: ERROR: duplicate key value violates unique constraint (SQLState=23505)",
    )
}

/// A part of a path, without its percent signs.
fn decoded(part: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = part.bytes();
    while let Some(byte) = rest.next() {
        let digits = [rest.clone().next(), rest.clone().nth(1)].map(|d| d.and_then(|d| char::from(d).to_digit(16)));
        match (byte, digits) {
            (b'%', [Some(high), Some(low)]) => {
                bytes.push(u8::try_from(high * 16 + low).expect("two digits"));
                rest.nth(1);
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}
