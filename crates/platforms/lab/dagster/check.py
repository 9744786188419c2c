"""Asks the real Dagster about files that the chart rendered, without a cluster and without a database.

Reads [{"dagster", "workspace", "servers": [{"name", "image", "context"}]}] from standard input. For each: what Dagster finds wrong,
dagster.yaml as Dagster read it, the code locations of the workspace, and the Job of a run from each code server.
"""
import importlib, json, os, sys, tempfile

os.environ["DAGSTER_PG_PASSWORD"] = "a password"
import kubernetes, yaml
from dagster._config import process_config, resolve_to_config_type
from dagster._core.code_pointer import ModuleCodePointer
from dagster._core.instance.config import dagster_instance_config
from dagster._core.origin import JobPythonOrigin, RepositoryPythonOrigin
from dagster._core.storage.dagster_run import DagsterRun
from dagster._core.workspace.config_schema import ensure_workspace_config
from dagster._core.workspace.load import location_origins_from_config
from dagster_k8s.job import construct_dagster_k8s_job
from dagster_k8s.launcher import K8sRunLauncher

KUBECONFIG = {
    "apiVersion": "v1", "kind": "Config", "current-context": "none",
    "clusters": [{"name": "none", "cluster": {"server": "http://127.0.0.1:1"}}],
    "contexts": [{"name": "none", "context": {"cluster": "none", "user": "none"}}],
    "users": [{"name": "none", "user": {}}],
}
FOLDER = tempfile.TemporaryDirectory()


def file(name, text):
    path = os.path.join(FOLDER.name, name)
    with open(path, "w") as out:
        out.write(text)
    return path


def instance(text):
    file("dagster.yaml", text)
    config, _ = dagster_instance_config(FOLDER.name)
    for key, value in config.items():
        if isinstance(value, dict) and "class" in value:
            kind = getattr(importlib.import_module(value["module"]), value["class"])
            result = process_config(resolve_to_config_type(kind.config_type()), value.get("config") or {})
            if not result.success:
                raise Exception(f"{key}: " + "; ".join(error.message for error in result.errors))
            value["config"] = result.value
    return config


def workspace(text):
    origins = location_origins_from_config(ensure_workspace_config(yaml.safe_load(text), "workspace.yaml"), file("workspace.yaml", text))
    about = lambda origin: [type(origin).__name__, getattr(origin, "host", None), getattr(origin, "port", None)]
    return {name: about(origin) for name, origin in origins.items()}


def job(launcher, server):
    repository = RepositoryPythonOrigin(
        executable_path="python", code_pointer=ModuleCodePointer("module", "defs", None), container_image=server["image"],
        entry_point=["dagster"], container_context=json.loads(server["context"]),
    )
    origin = JobPythonOrigin(job_name="nightly", repository_origin=repository)
    run = DagsterRun(job_name="nightly", run_id="11111111-1111-4111-8111-111111111111", job_code_origin=origin)
    context = launcher.get_container_context_for_run(run)
    made = construct_dagster_k8s_job(
        context.get_k8s_job_config(repository.container_image, launcher), ["dagster", "api", "execute_run"], "dagster-run",
        component="run_worker", user_defined_k8s_config=context.run_k8s_config,
    )
    return {"namespace": context.namespace, **kubernetes.client.ApiClient().sanitize_for_serialization(made)}


def answer(case):
    said = {"problems": [], "jobs": {}}
    try:
        said["config"] = config = instance(case["dagster"])
        said["locations"] = workspace(case["workspace"])
        launcher = config["run_launcher"]
        if launcher["class"] == "K8sRunLauncher":
            outside = {"load_incluster_config": False, "kubeconfig_file": file("kubeconfig", json.dumps(KUBECONFIG))}
            made = K8sRunLauncher(**{**launcher["config"], **outside})
            said["jobs"] = {server["name"]: job(made, server) for server in case["servers"]}
    except Exception as error:
        said["problems"].append(f"{type(error).__name__}: {error}")
    return said


json.dump([answer(case) for case in json.load(sys.stdin)], sys.stdout, default=str)
