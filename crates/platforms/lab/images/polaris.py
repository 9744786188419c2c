"""A stand-in for Apache Polaris and its admin tool, for tests on machines that cannot have the real ones. It is not Polaris.

    polaris.py serve                     the server: the API on 8181, health and metrics on 8182
    polaris.py bootstrap --realm=R --credential=R,ID,SECRET
                                         the admin tool: makes the schema and the realms; one that is there already stays as it is

What it takes from the chart, as the real ones do: /deployments/config/application.properties, QUARKUS_DATASOURCE_JDBC_URL, _USERNAME
and _PASSWORD, POLARIS_PERSISTENCE_TYPE, POLARIS_BOOTSTRAP_CREDENTIALS (in memory), and the pair of keys that signs tokens (RS256).
It is ready only when its realms are there. What it holds is in the database, so that replicas agree and a restart loses nothing.
Principals other than root cannot log in, privileges are kept but not judged, and there are no tables.
"""

import base64
import hashlib
import json
import os
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CONFIG = "/deployments/config/application.properties"
SCHEMA = """
SELECT pg_advisory_xact_lock(8181);
CREATE SCHEMA IF NOT EXISTS polaris_schema;
CREATE TABLE IF NOT EXISTS polaris_schema.version (version_key text PRIMARY KEY, version_value integer NOT NULL);
INSERT INTO polaris_schema.version VALUES ('version', 1) ON CONFLICT DO NOTHING;
CREATE TABLE IF NOT EXISTS polaris_schema.principal_authentication_data (
  realm_id text NOT NULL, principal_client_id text NOT NULL, main_secret_hash text NOT NULL, secret_salt text NOT NULL,
  PRIMARY KEY (realm_id, principal_client_id));
CREATE TABLE IF NOT EXISTS polaris_schema.stand_in (
  realm_id text NOT NULL, words text NOT NULL, body text NOT NULL, PRIMARY KEY (realm_id, words));
"""


class Problem(Exception):
    """What ends a request: status, type, message."""


class Database:
    """PostgreSQL, asked by psql: one row a line, its columns as JSON."""

    def __init__(self):
        url = re.fullmatch(r"jdbc:postgresql://([^:/]+):(\d+)/([^?]+)(?:\?(.*))?", os.environ["QUARKUS_DATASOURCE_JDBC_URL"])
        if url is None:
            sys.exit("QUARKUS_DATASOURCE_JDBC_URL is no address of PostgreSQL")
        options = dict(urllib.parse.parse_qsl(url[4] or ""))
        self.env = {
            **os.environ,
            "PGHOST": url[1],
            "PGPORT": url[2],
            "PGDATABASE": url[3],
            "PGSSLMODE": options.get("sslmode", "prefer"),
            "PGUSER": os.environ["QUARKUS_DATASOURCE_USERNAME"],
            "PGPASSWORD": os.environ["QUARKUS_DATASOURCE_PASSWORD"],
            "PGCONNECT_TIMEOUT": "5",
        }

    def ask(self, query, **values):
        command = ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--single-transaction", "--set=ON_ERROR_STOP=1"]
        command += [f"--set={name}={value}" for name, value in values.items()]
        said = subprocess.run(command, input=query, capture_output=True, text=True, env=self.env, timeout=30)
        if said.returncode:
            raise OSError(said.stderr.strip())
        return [json.loads(line) for line in said.stdout.splitlines() if line.startswith(("{", "["))]

    def credentials(self, realm):
        query = """SELECT row_to_json(t) FROM (SELECT principal_client_id AS id, main_secret_hash AS hash, secret_salt AS salt
          FROM polaris_schema.principal_authentication_data WHERE realm_id = :'realm') t"""
        return {row["id"]: (row["hash"], row["salt"]) for row in self.ask(query, realm=realm)}

    def bootstrap(self, realm, name, secret):
        self.ask(SCHEMA)
        if self.credentials(realm):
            return False
        hashed, salt = digest(secret)
        query = "INSERT INTO polaris_schema.principal_authentication_data VALUES (:'realm', :'name', :'hashed', :'salt')"
        self.ask(query, realm=realm, name=name, hashed=hashed, salt=salt)
        return True

    def add(self, realm, words, body):
        query = """WITH made AS (INSERT INTO polaris_schema.stand_in VALUES (:'realm', :'words', :'body') ON CONFLICT DO NOTHING RETURNING 1)
          SELECT json_build_object('made', count(*)) FROM made"""
        return self.ask(query, realm=realm, words=words, body=json.dumps(body))[0]["made"] == 1

    def find(self, realm, start):
        query = """SELECT json_build_array(words, body) FROM polaris_schema.stand_in
          WHERE realm_id = :'realm' AND starts_with(words, :'start') ORDER BY words"""
        return {words: json.loads(body) for words, body in self.ask(query, realm=realm, start=start)}


class Memory:
    """The same for as long as the process lives."""

    def __init__(self):
        self.realms, self.things, self.lock = {}, {}, threading.Lock()
        for entry in filter(None, os.environ.get("POLARIS_BOOTSTRAP_CREDENTIALS", "").split(";")):
            realm, name, secret = entry.split(",")
            self.realms[realm] = {name: digest(secret)}

    def credentials(self, realm):
        return self.realms.get(realm, {})

    def add(self, realm, words, body):
        with self.lock:
            return self.things.setdefault((realm, words), body) is body

    def find(self, realm, start):
        return {words: body for (of, words), body in sorted(self.things.items()) if of == realm and words.startswith(start)}


def digest(secret, salt=None):
    salt = salt or secrets.token_hex(8)
    return hashlib.sha256(f"{salt}:{secret}".encode()).hexdigest(), salt


def properties(path):
    with open(path, encoding="utf-8") as file:
        lines = [line.strip() for line in file]
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


class Keys:
    """Signs tokens as the properties say: with a pair of files, or with something of this process alone."""

    def __init__(self, settings):
        prefix = "polaris.authentication.token-broker."
        self.private = settings.get(prefix + "rsa-key-pair.private-key-file")
        self.public = settings.get(prefix + "rsa-key-pair.public-key-file")
        self.own = secrets.token_bytes(32)
        if not self.right(b"are they a pair?", self.sign(b"are they a pair?")):
            sys.exit("the private and the public key are no pair")

    def sign(self, text):
        if self.private is None:
            return hashlib.sha256(self.own + text).digest()
        return subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.private], input=text, capture_output=True, check=True).stdout

    def right(self, text, signature):
        if self.public is None:
            return secrets.compare_digest(signature, hashlib.sha256(self.own + text).digest())
        with tempfile.NamedTemporaryFile() as file:
            file.write(signature)
            file.flush()
            command = ["openssl", "dgst", "-sha256", "-verify", self.public, "-signature", file.name]
            return subprocess.run(command, input=text, capture_output=True).returncode == 0

    def token(self, realm, name):
        claims = {"iss": "polaris", "sub": name, "realm": realm, "exp": int(time.time()) + 3600}
        text = ".".join(encoded(json.dumps(part).encode()) for part in ({"alg": "RS256", "typ": "JWT"}, claims))
        return f"{text}.{encoded(self.sign(text.encode()))}"

    def check(self, realm, header):
        try:
            text, _, signature = header.removeprefix("Bearer ").rpartition(".")
            claims = json.loads(decoded(text.split(".")[1]))
            if header.startswith("Bearer ") and claims["realm"] == realm and claims["exp"] > time.time():
                return self.right(text.encode(), decoded(signature))
        except (ValueError, IndexError, KeyError):
            pass
        return False


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Server:
    """The API: method, path, headers and body in, status and document out."""

    def __init__(self, settings):
        self.realms = settings.get("polaris.realm-context.realms", "POLARIS").split(",")
        self.header_needed = settings.get("polaris.realm-context.require-header") == "true"
        self.keys = Keys(settings)
        self.held = Database() if settings.get("polaris.persistence.type") == "relational-jdbc" else Memory()

    def ready(self):
        try:
            return all(self.held.credentials(realm) for realm in self.realms)
        except (OSError, subprocess.TimeoutExpired) as error:
            print(f"not ready: {error}", flush=True)
            return False

    def realm(self, headers):
        named = headers.get("Polaris-Realm")
        if named is None and self.header_needed or named is not None and named not in self.realms:
            raise Problem(404, "UnresolvableRealmContextException", "unknown realm")
        return named or self.realms[0]

    def answer(self, method, path, headers, body):
        realm = self.realm(headers)
        path, _, query = path.partition("?")
        if (method, path) == ("POST", "/api/catalog/v1/oauth/tokens"):
            return 200, self.login(realm, dict(urllib.parse.parse_qsl(body)))
        if not self.keys.check(realm, headers.get("Authorization", "")):
            raise Problem(401, "NotAuthorizedException", "no token, or not one of this realm")
        parts = [urllib.parse.unquote(part) for part in path.split("/")[1:]]
        if (method, path) == ("GET", "/api/catalog/v1/config"):
            return self.config(realm, dict(urllib.parse.parse_qsl(query)))
        if parts[:3] != ["api", "management", "v1"]:
            raise Problem(404, "NotFoundException", path)
        return self.manage(realm, method, parts[3:], json.loads(body) if body else {})

    def login(self, realm, form):
        hashed, salt = self.held.credentials(realm).get(form.get("client_id"), ("", ""))
        if form.get("grant_type") != "client_credentials" or digest(form.get("client_secret", ""), salt)[0] != hashed:
            raise Problem(401, "unauthorized_client", "The client is not authorized")
        return {"access_token": self.keys.token(realm, form["client_id"]), "token_type": "bearer", "expires_in": 3600}

    def config(self, realm, query):
        catalog = self.held.find(realm, f"catalog {query.get('warehouse', '')}").get(f"catalog {query.get('warehouse', '')}")
        if catalog is None:
            raise Problem(404, "NotFoundException", "Unable to find warehouse")
        return 200, {"defaults": catalog["properties"], "overrides": {"prefix": catalog["name"]}}

    def manage(self, realm, method, parts, body):
        match method, parts:
            case "GET", ["catalogs"]:
                return 200, {"catalogs": list(self.held.find(realm, "catalog ").values())}
            case "GET", ["catalogs", name]:
                found = self.held.find(realm, f"catalog {name}").get(f"catalog {name}")
                if found is None:
                    raise Problem(404, "NotFoundException", f"TopLevelEntity of type CATALOG does not exist: {name}")
                return 200, found
            case "POST", ["catalogs"]:
                return self.new(realm, f"catalog {body['catalog']['name']}", body["catalog"])
            case "POST", ["principals"]:
                made = {"principal": body["principal"], "credentials": {"clientId": secrets.token_hex(8), "clientSecret": "not kept"}}
                return self.new(realm, f"principal {body['principal']['name']}", made)
            case "POST", ["principal-roles"]:
                return self.new(realm, f"principal-role {body['principalRole']['name']}", body)
            case "POST", ["catalogs", catalog, "catalog-roles"]:
                return self.new(realm, f"role {body['catalogRole']['name']} of {catalog}", body)
            case "PUT", ["principals", *_] | ["principal-roles", *_] | ["catalogs", _, "catalog-roles", _, "grants"]:
                self.held.add(realm, f"row {'/'.join(parts)} {json.dumps(body)}", body)
                return 201, None
        raise Problem(405, "NotAllowedException", f"{method} {'/'.join(parts)}")

    def new(self, realm, words, body):
        if not self.held.add(realm, words, body):
            raise Problem(409, "AlreadyExistsException", f"{words} exists")
        return 201, body


class Handler(BaseHTTPRequestHandler):
    """HTTP around one of the two ports."""

    protocol_version = "HTTP/1.1"

    def handle_one(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        try:
            status, document = self.server.answers(self.command, self.path, self.headers, body)
        except Problem as problem:
            status, kind, message = problem.args
            document = {"error": {"message": message, "type": kind, "code": status}}
        except (OSError, subprocess.TimeoutExpired) as error:
            print(f"{self.command} {self.path}: {error}", flush=True)
            status, document = 503, {"error": {"message": "the database does not answer", "type": "ServiceUnavailable", "code": 503}}
        data = b"" if document is None else document.encode() if isinstance(document, str) else json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Content-Type", "text/plain" if isinstance(document, str) else "application/json")
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = handle_one

    def log_message(self, form, *words):
        if self.server.logs:
            print(f"{self.address_string()} {form % words}", flush=True)


class Http(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port, answers, logs):
        super().__init__(("0.0.0.0", port), Handler)
        self.answers, self.logs = answers, logs


def management(server):
    def answers(method, path, headers, body):
        if path == "/q/health/live":
            return 200, {"status": "UP", "checks": []}
        if path == "/q/health/ready":
            ready = server.ready()
            return (200, {"status": "UP", "checks": []}) if ready else (503, {"status": "DOWN", "checks": []})
        if path == "/q/metrics":
            return 200, "# TYPE polaris_stand_in gauge\npolaris_stand_in 1\n"
        raise Problem(404, "NotFoundException", path)

    return answers


def serve():
    settings = properties(CONFIG)
    server = Server(settings)
    health = Http(int(settings.get("quarkus.management.port", 8182)), management(server), False)
    http = Http(int(settings.get("quarkus.http.port", 8181)), server.answer, True)
    threading.Thread(target=health.serve_forever, daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=http.shutdown).start())
    print("a stand-in for Apache Polaris: listening", flush=True)
    http.serve_forever()
    return 0


def bootstrap(arguments):
    if os.environ.get("POLARIS_PERSISTENCE_TYPE") != "relational-jdbc":
        sys.exit("POLARIS_PERSISTENCE_TYPE is not relational-jdbc: there is nothing that would stay")
    realms = [word.removeprefix("--realm=") for word in arguments if word.startswith("--realm=")]
    credentials = [word.removeprefix("--credential=").split(",") for word in arguments if word.startswith("--credential=")]
    if not realms or sorted(realms) != sorted(credential[0] for credential in credentials) or any(len(c) != 3 or not all(c) for c in credentials):
        sys.exit("each --realm needs a --credential=REALM,ID,SECRET")
    database = Database()
    for credential in credentials:
        made = database.bootstrap(*credential)
        print(f"Realm '{credential[0]}' {'successfully bootstrapped' if made else 'is there already, and stays as it is'}.", flush=True)
    return 0


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve"]:
            sys.exit(serve())
        case ["bootstrap", *arguments]:
            sys.exit(bootstrap(arguments))
    sys.exit(__doc__)
