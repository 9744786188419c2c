"""Two assets for the tests on a node: a plain one, and one that sends a span to the collector of its environment, as JSON over HTTP."""

import json
import os
import secrets
import time
import urllib.request

from dagster import AssetExecutionContext, Definitions, asset


@asset
def numbers(context: AssetExecutionContext):
    """Nothing but a sum, and what the environment says."""
    context.log.info(f"catalog {os.environ.get('POLARIS_URI')}, pod {os.environ.get('HOSTNAME')}")
    return sum(range(10))


@asset
def traced(context: AssetExecutionContext, numbers):
    """Sends a span whose name holds the run, and fails where the collector does not take it."""
    now = time.time_ns()
    span = {
        "traceId": secrets.token_hex(16),
        "spanId": secrets.token_hex(8),
        "name": f"run {context.run_id}",
        "kind": 1,
        "startTimeUnixNano": str(now - 1000),
        "endTimeUnixNano": str(now),
    }
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": os.environ["OTEL_SERVICE_NAME"]}}]}
    body = {"resourceSpans": [{"resource": resource, "scopeSpans": [{"scope": {"name": "floe-demo"}, "spans": [span]}]}]}
    request = urllib.request.Request(
        os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] + "/v1/traces",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        said = answer.read().decode()
    context.log.info(f"the collector says {said}")
    return numbers


defs = Definitions(assets=[numbers, traced])
