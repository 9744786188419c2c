"""Creates in Apache Polaris what a file lists, or checks that it is there.

    bootstrap.py apply    creates catalogs, roles and grants; what exists already stays as it is, so it can run any number of times
    bootstrap.py check    logs in, asks the server for its health, and compares its catalogs with the list

Environment: POLARIS_URL, POLARIS_REALM, POLARIS_CLIENT_ID, POLARIS_CLIENT_SECRET, BOOTSTRAP_FILE, WAIT_SECONDS;
for check also POLARIS_MANAGEMENT_URL. The file holds the bodies of requests as the template wrote them:
{"catalogs": [...], "grants": [...]}.

Exit codes: 0 done, 1 the server said no, 2 it refused the credentials, 3 it did not answer in time, 4 wrong environment or file.
Only the standard library is used. No credential and no token is ever printed.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

REFUSED, CREDENTIALS, NO_ANSWER, WRONG_INPUT = 1, 2, 3, 4
MANAGEMENT = "/api/management/v1"
# How a relational metastore says that a row is there already; the server passes it on as an error of its own.
UNIQUE_VIOLATION = "23505"


class Failure(Exception):
    """What ends the program: an exit code and the last line."""

    def __init__(self, code, line):
        super().__init__(line)
        self.code = code
        self.line = line


class Stay(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the token to another host."""

    def redirect_request(self, *_):
        return None


def report(line):
    print(line, flush=True)


def setting(name, default=None):
    value = os.environ.get(name, default)
    if value is None or value == "":
        raise Failure(WRONG_INPUT, f"the variable {name} is not set")
    return value


def reason(body):
    """The server's own words from an error, one line of them."""
    try:
        told = json.loads(body)
        told = told.get("error", told) if isinstance(told, dict) else told
        if isinstance(told, dict):
            told = told.get("message") or told.get("type") or ""
        words = str(told)
    except ValueError:
        words = body
    words = " ".join(words.split())
    return words[:300] if words else "no reason given"


class Server:
    """One realm of one server, and the time by which it must have answered."""

    def __init__(self):
        self.url = setting("POLARIS_URL").rstrip("/")
        self.realm = setting("POLARIS_REALM")
        self.client_id = setting("POLARIS_CLIENT_ID")
        self.client_secret = setting("POLARIS_CLIENT_SECRET")
        try:
            self.seconds = int(setting("WAIT_SECONDS", "300"))
        except ValueError:
            raise Failure(WRONG_INPUT, "WAIT_SECONDS is not a number") from None
        self.until = time.monotonic() + self.seconds
        self.token = None
        # No proxy: the server is a Service of the same cluster.
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), Stay())

    def send(self, method, url, data=None, headers=None):
        """One request: its status and body. Waits while nothing answers, or something that is not ready."""
        words = "nothing answers"
        while True:
            request = urllib.request.Request(url, data=data, method=method)
            request.add_header("Polaris-Realm", self.realm)
            request.add_header("Accept", "application/json")
            for name, value in (headers or {}).items():
                request.add_header(name, value)
            try:
                with self.opener.open(request, timeout=20) as answer:
                    return answer.status, answer.read().decode("utf-8", "replace")
            except urllib.error.HTTPError as error:
                body = error.read().decode("utf-8", "replace")
                if error.code not in (429, 502, 503, 504):
                    return error.code, body
                words = f"HTTP {error.code}"
            except (OSError, ValueError) as error:
                cause = getattr(error, "reason", error)
                words = getattr(cause, "strerror", None) or type(cause).__name__
            if time.monotonic() >= self.until:
                raise Failure(NO_ANSWER, f"no answer from {self.url} within {self.seconds} s ({words}): is Polaris running, and may this pod reach it?")
            time.sleep(min(2.0, max(0.05, self.seconds / 20)))

    def log_in(self):
        form = {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "scope": "PRINCIPAL_ROLE:ALL",
        }
        status, body = self.send(
            "POST",
            f"{self.url}/api/catalog/v1/oauth/tokens",
            urllib.parse.urlencode(form).encode(),
            {"Content-Type": "application/x-www-form-urlencoded"},
        )
        if status in (400, 401, 403):
            raise Failure(
                CREDENTIALS,
                f"realm {self.realm} refuses the root credentials (HTTP {status}): the Secret must hold those with which the realm was bootstrapped",
            )
        if status != 200:
            raise Failure(REFUSED, f"no token: HTTP {status}")
        try:
            token = json.loads(body)["access_token"]
        except (ValueError, KeyError, TypeError):
            token = None
        if not isinstance(token, str) or not token:
            raise Failure(REFUSED, f"no token: {self.url} answers with something else; is it Polaris?")
        self.token = token

    def ask(self, method, path, body=None):
        """A request with the token, which is renewed once when it has run out."""
        data = None if body is None else json.dumps(body).encode()
        for last in (False, True):
            if self.token is None:
                self.log_in()
            headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
            status, text = self.send(method, self.url + MANAGEMENT + path, data, headers)
            if status != 401 or last:
                return status, text
            self.token = None

    def read(self, path):
        status, body = self.ask("GET", path)
        if status != 200:
            raise Failure(REFUSED, f"GET {path}: HTTP {status}: {reason(body)}")
        try:
            answer = json.loads(body)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise Failure(REFUSED, f"GET {path}: the answer is no JSON object; is it Polaris?")
        return answer


def segment(name):
    return urllib.parse.quote(name, safe="")


class Bootstrap:
    """Brings the server to what the file says, and counts."""

    def __init__(self, server):
        self.server = server
        self.created = 0
        self.there = 0
        self.seen = set()

    def ensure(self, what, method, path, body):
        """True if it was made now. 409, or a row that is there already, means that someone did it before."""
        if (what, path) in self.seen:
            return False
        self.seen.add((what, path))
        status, text = self.server.ask(method, path, body)
        if 200 <= status < 300:
            self.created += 1
            report(f"{what}: created")
            return True
        if status == 409 or (status == 500 and UNIQUE_VIOLATION in text):
            self.there += 1
            report(f"{what}: there already")
            return False
        raise Failure(REFUSED, f"{what}: HTTP {status}: {reason(text)}")

    def catalog(self, catalog):
        name = catalog["name"]
        if self.ensure(f"catalog {name}", "POST", "/catalogs", {"catalog": catalog}):
            return
        held = self.server.read(f"/catalogs/{segment(name)}").get("properties") or {}
        wanted = catalog["properties"]["default-base-location"]
        # Polaris may write the location with a slash at its end.
        if str(held.get("default-base-location", "")).rstrip("/") != wanted.rstrip("/"):
            report(f"warning: catalog {name} has another default-base-location than the values; it stays as it is")

    def grant(self, grant):
        catalog, catalog_role = grant["catalog"], grant["catalogRole"]
        principal_role, principal = grant["principalRole"], grant.get("principal")
        self.ensure(f"principal role {principal_role}", "POST", "/principal-roles", {"principalRole": {"name": principal_role}})
        if principal:
            made = self.ensure(f"principal {principal}", "POST", "/principals", {"principal": {"name": principal}})
            if made:
                report(f"principal {principal}: its first credentials are not kept; POST {MANAGEMENT}/principals/{segment(principal)}/rotate gives new ones")
            self.ensure(
                f"principal {principal} in {principal_role}",
                "PUT",
                f"/principals/{segment(principal)}/principal-roles",
                {"principalRole": {"name": principal_role}},
            )
        self.ensure(
            f"catalog role {catalog}.{catalog_role}",
            "POST",
            f"/catalogs/{segment(catalog)}/catalog-roles",
            {"catalogRole": {"name": catalog_role}},
        )
        self.ensure(
            f"principal role {principal_role} in {catalog}.{catalog_role}",
            "PUT",
            f"/principal-roles/{segment(principal_role)}/catalog-roles/{segment(catalog)}",
            {"catalogRole": {"name": catalog_role}},
        )
        for privilege in grant["privileges"]:
            self.ensure(
                f"privilege {privilege} for {catalog}.{catalog_role}",
                "PUT",
                f"/catalogs/{segment(catalog)}/catalog-roles/{segment(catalog_role)}/grants",
                {"grant": {"type": "catalog", "privilege": privilege}},
            )


def wanted():
    path = setting("BOOTSTRAP_FILE")
    try:
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        return document["catalogs"], document["grants"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Failure(WRONG_INPUT, f"{path} cannot be read: {type(error).__name__}") from None


def apply(server, catalogs, grants):
    server.log_in()
    report(f"logged in to realm {server.realm}")
    work = Bootstrap(server)
    for catalog in catalogs:
        work.catalog(catalog)
    for grant in grants:
        work.grant(grant)
    report(f"done: {work.created} created, {work.there} there already")


def check(server, catalogs, _):
    status, body = server.send("GET", setting("POLARIS_MANAGEMENT_URL").rstrip("/") + "/q/health/ready")
    try:
        health = json.loads(body).get("status")
    except (ValueError, AttributeError):
        health = None
    if status != 200 or health != "UP":
        raise Failure(REFUSED, f"the server is not ready: HTTP {status}, status {health}")
    server.log_in()
    listed = server.read("/catalogs").get("catalogs")
    if not isinstance(listed, list):
        raise Failure(REFUSED, "GET /catalogs: no list of catalogs in the answer; is it Polaris?")
    names = {entry.get("name") for entry in listed if isinstance(entry, dict)}
    missing = sorted(catalog["name"] for catalog in catalogs if catalog["name"] not in names)
    if missing:
        raise Failure(REFUSED, f"catalogs that should be there are not: {', '.join(missing)}")
    report(f"ok: realm {server.realm} gives a token and lists {len(names)} catalogs, with all {len(catalogs)} of the values")


def main(arguments):
    verbs = {"apply": apply, "check": check}
    try:
        if len(arguments) != 1 or arguments[0] not in verbs:
            raise Failure(WRONG_INPUT, "usage: bootstrap.py apply|check")
        catalogs, grants = wanted()
        verbs[arguments[0]](Server(), catalogs, grants)
    except Failure as failure:
        print(f"error: {failure.line}", file=sys.stderr, flush=True)
        return failure.code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
