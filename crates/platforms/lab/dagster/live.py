"""Runs what the chart rendered, without a cluster: the containers' own commands, arguments and variables, against a real PostgreSQL.

Reads {"objects": [...], "postgresql": {"port", "password"}, "bin": folder of PostgreSQL's programs} from standard input and writes what
happened as JSON. The only changes: paths of mounts become folders of a temporary one, names of Services become 127.0.0.1.
"""
import ctypes, json, os, pathlib, re, shutil, signal, subprocess, sys, tempfile, time, urllib.request

ASKED = json.load(sys.stdin)
PORT, PASSWORD = ASKED["postgresql"]["port"], ASKED["postgresql"]["password"]
ROOT = pathlib.Path(tempfile.mkdtemp(prefix="dagster-"))
VENV = pathlib.Path(sys.executable).parent
STARTED, SAID = [], {}

MODULE = """
import os
import dagster as dg

@dg.op
def report():
    wanted = ["POLARIS_URI", "OTEL_EXPORTER_OTLP_ENDPOINT", "STAGE", "DAGSTER_HOME"]
    instance = dg.DagsterInstance.get()
    with open(os.environ["REPORT"], "w") as file:
        file.write(repr([os.environ.get(name) for name in wanted]) + " " + type(instance.run_storage).__name__)

@dg.job
def nightly():
    report()

defs = dg.Definitions(jobs=[nightly])
"""


def find(kind, name):
    return next(o for o in ASKED["objects"] if o["kind"] == kind and o["metadata"]["name"] == name)


def containers(kind, name):
    spec = find(kind, name)["spec"]
    pod = spec["template"]["spec"] if "template" in spec else spec
    return pod.get("initContainers", []) + pod["containers"]


def container(kind, name, which):
    return next(c for c in containers(kind, name) if c["name"] == which)


def here(text):
    text = text.replace("/opt/dagster/dagster_home", str(ROOT / "home")).replace("/dagster-workspace", str(ROOT / "workspace"))
    return re.sub(r"\bdagster-code-[a-z]+\b|(?<=//)dagster-webserver\b", "127.0.0.1", text)


def environment(spec):
    env = {"PATH": f"{VENV}:{ASKED['bin']}:/usr/bin:/bin", "HOME": "/nonexistent", "PYTHONPATH": str(ROOT), "REPORT": str(ROOT / "report")}
    for source in spec.get("envFrom", []):
        for name, value in (find("ConfigMap", source["configMapRef"]["name"]).get("data") or {}).items():
            env[name] = here(value)
    for variable in spec.get("env", []):
        env[variable["name"]] = PASSWORD if "valueFrom" in variable else here(variable["value"])
    return env


def command(spec):
    return [here(word) for word in spec["command"] + spec.get("args", [])]


def run(spec, **over):
    done = subprocess.run(command(spec), env={**environment(spec), **over}, cwd=ROOT, capture_output=True, text=True, timeout=120)
    return {"exit": done.returncode, "stdout": done.stdout[-2000:], "stderr": done.stderr[-2000:]}


def start(name, words, env, **over):
    log = open(ROOT / f"{name}.log", "w")
    # It ends with us, however we end.
    tied = lambda: ctypes.CDLL(None).prctl(1, signal.SIGTERM)
    process = subprocess.Popen(words, env=env, cwd=ROOT, stdout=log, stderr=log, preexec_fn=tied, **over)
    STARTED.append(process)
    return process


def serve(name, spec):
    start(name, command(spec), environment(spec))


def postgresql(*words):
    user = {}
    if os.getuid() == 0:
        user = {"user": "postgres", "group": "postgres", "extra_groups": []}
    return [f"{ASKED['bin']}/{words[0]}", *words[1:]], user


def start_postgresql():
    data = ROOT / "pg"
    data.mkdir()
    (ROOT / "password").write_text(PASSWORD)
    ROOT.chmod(0o755)
    if os.getuid() == 0:
        shutil.chown(data, "postgres", "postgres")
    words, user = postgresql("initdb", "-D", f"{data}/data", "-U", "floe", "--auth=scram-sha-256", f"--pwfile={ROOT}/password", "--no-sync")
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, **user)
    words, user = postgresql("postgres", "-D", f"{data}/data", "-p", str(PORT), "-k", str(data), "-h", "127.0.0.1", "-F")
    start("postgresql", words, {"PATH": "/usr/bin:/bin"}, **user)


def sql(statement, database="postgres"):
    import psycopg2
    connection = psycopg2.connect(host="127.0.0.1", port=PORT, user="floe", password=PASSWORD, dbname=database)
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute(statement)
    rows = cursor.fetchall() if cursor.description else None
    connection.close()
    return rows


def wait(what, condition, seconds=120):
    end = time.monotonic() + seconds
    while True:
        try:
            result = condition()
            if result:
                return result
        except OSError:
            pass
        if time.monotonic() > end:
            raise TimeoutError(f"{what} after {seconds} s")
        time.sleep(0.2)


def url(path):
    test = container("Pod", "dagster-test-code-locations", "ask")
    base = here(next(v["value"] for v in test["env"] if v["name"] == "WEBSERVER"))
    return base + path


def graphql(query, **variables):
    body = json.dumps({"query": query, "variables": variables}).encode()
    request = urllib.request.Request(url("/graphql"), body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)["data"]


def health(spec):
    import grpc
    from grpc_health.v1 import health_pb2, health_pb2_grpc
    probe = spec["readinessProbe"]["grpc"]
    with grpc.insecure_channel(f"127.0.0.1:{probe['port']}") as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        try:
            return stub.Check(health_pb2.HealthCheckRequest(service=probe["service"]), timeout=5).status == 1
        except grpc.RpcError:
            return False


LAUNCH = """mutation($selector: JobOrPipelineSelector!) { launchRun(executionParams: {selector: $selector}) {
  __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }"""
STATUS = "query($id: ID!) { runOrError(runId: $id) { __typename ... on Run { status } } }"


def launch():
    selector = {"repositoryLocationName": "sales", "repositoryName": "__repository__", "jobName": "nightly"}
    launched = graphql(LAUNCH, selector=selector)["launchRun"]
    if launched["__typename"] != "LaunchRunSuccess":
        return launched
    ended = ("SUCCESS", "FAILURE", "CANCELED")
    status = lambda: graphql(STATUS, id=launched["run"]["runId"])["runOrError"]["status"]
    return wait("the run's end", lambda: (lambda now: now if now in ended else None)(status()))


def main():
    for folder in ("home", "workspace"):
        (ROOT / folder).mkdir()
    (ROOT / "home/dagster.yaml").write_text(here(find("ConfigMap", "dagster-instance")["data"]["dagster.yaml"]))
    (ROOT / "workspace/workspace.yaml").write_text(here(find("ConfigMap", "dagster-workspace")["data"]["workspace.yaml"]))
    (ROOT / "sales.py").write_text(MODULE)
    waiting = container("Deployment", "dagster-webserver", "wait-for-postgresql")
    migrate = container("Job", "dagster-migrate", "migrate")
    servers = [container("Deployment", f"dagster-code-{name}", "code") for name in ("sales", "ml")]
    daemon = container("Deployment", "dagster-daemon", "daemon")
    SAID["wait without a database"] = run(waiting, WAIT_SECONDS="0")
    start_postgresql()
    SAID["wait for the server"] = run(waiting, PGDATABASE="postgres")
    SAID["wait without its database"] = run(waiting, WAIT_SECONDS="0")
    SAID["migrate without its database"] = run(migrate)
    sql("create database orchestration")
    SAID["wait"] = run(waiting)
    SAID["wait with a wrong password"] = run(waiting, WAIT_SECONDS="0", PGPASSWORD="wrong")
    SAID["migrate"] = run(migrate)
    SAID["revisions"] = sql("select version_num from alembic_version", "orchestration")
    for server in servers:
        serve(server["env"][0]["value"], server)
    serve("webserver", container("Deployment", "dagster-webserver", "webserver"))
    serve("daemon", daemon)
    SAID["health"] = [wait("a code server", lambda server=server: health(server)) for server in servers]
    path = container("Deployment", "dagster-webserver", "webserver")["readinessProbe"]["httpGet"]["path"]
    server_info = url("").rsplit("/", 1)[0] + path
    SAID["server_info"] = json.load(wait("the webserver", lambda: urllib.request.urlopen(server_info, timeout=5)))
    test = container("Pod", "dagster-test-code-locations", "ask")
    SAID["test"] = run(test)
    SAID["test of others"] = run(test, CODE_LOCATIONS='["sales","other"]', WAIT_SECONDS="0")
    SAID["run"] = launch()
    SAID["report"] = (ROOT / "report").read_text() if (ROOT / "report").exists() else None


try:
    main()
except Exception as error:
    SAID["error"] = f"{type(error).__name__}: {error}"
    SAID["logs"] = {log.name: log.read_text()[-3000:] for log in ROOT.glob("*.log")}
finally:
    for process in reversed(STARTED):
        process.send_signal(signal.SIGINT)
    for process in reversed(STARTED):
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
    shutil.rmtree(ROOT, ignore_errors=True)
print(json.dumps(SAID, default=str))
