"""Makes buckets, queues and tables in moto as Terraform's state has them, uses them as the workloads do, and tells what happened.

Standard input: the state's resources, as `terraform test -json -verbose` prints them. Standard output: facts as JSON.
"""

import json
import sys

import boto3
from moto import mock_aws
from moto.core import set_initial_no_auth_action_count

RESOURCES = json.load(sys.stdin)
REGION = "eu-central-1"


def of(kind):
    return [one["values"] for one in RESOURCES if one["type"] == kind]


INPUT, OUTPUT = "stereo-spot-input-123456789012", "stereo-spot-output-123456789012"
ROOT = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}


def client(service, credentials=ROOT):
    return boto3.client(service, region_name=REGION, **credentials)


def name(identifier):
    """The last part of an ARN or URL."""
    return identifier.replace("/", ":").split(":")[-1]


def make_queues(sqs):
    urls = {}
    for queue in of("aws_sqs_queue"):
        attributes = {
            "MessageRetentionPeriod": queue["message_retention_seconds"],
            "SqsManagedSseEnabled": queue["sqs_managed_sse_enabled"],
        }
        for key, given in [
            ("VisibilityTimeout", "visibility_timeout_seconds"),
            ("ReceiveMessageWaitTimeSeconds", "receive_wait_time_seconds"),
        ]:
            attributes[key] = queue[given] or 0
        attributes = {key: str(value).lower() for key, value in attributes.items()}
        urls[queue["name"]] = sqs.create_queue(QueueName=queue["name"], Attributes=attributes)["QueueUrl"]
    for queue in of("aws_sqs_queue"):
        # What nothing was said of has made-up text in the state.
        if (queue["redrive_policy"] or "").startswith("{"):
            sqs.set_queue_attributes(QueueUrl=urls[queue["name"]], Attributes={"RedrivePolicy": queue["redrive_policy"]})
    for policy in of("aws_sqs_queue_policy"):
        if name(policy["queue_url"]) in urls:
            sqs.set_queue_attributes(QueueUrl=urls[name(policy["queue_url"])], Attributes={"Policy": policy["policy"]})
    for policy in of("aws_sqs_queue_redrive_allow_policy"):
        given = {"RedriveAllowPolicy": policy["redrive_allow_policy"]}
        sqs.set_queue_attributes(QueueUrl=urls[name(policy["queue_url"])], Attributes=given)
    return urls


def make_buckets(s3):
    for bucket in of("aws_s3_bucket"):
        s3.create_bucket(Bucket=bucket["bucket"], CreateBucketConfiguration={"LocationConstraint": REGION})
    for block in of("aws_s3_bucket_public_access_block"):
        keys = {
            "BlockPublicAcls": "block_public_acls",
            "IgnorePublicAcls": "ignore_public_acls",
            "BlockPublicPolicy": "block_public_policy",
            "RestrictPublicBuckets": "restrict_public_buckets",
        }
        given = {key: block[value] for key, value in keys.items()}
        s3.put_public_access_block(Bucket=block["bucket"], PublicAccessBlockConfiguration=given)
    # Not the buckets' policies: moto reads no conditions, so what forbids transport without encryption would forbid all.
    for encryption in of("aws_s3_bucket_server_side_encryption_configuration"):
        way = encryption["rule"][0]["apply_server_side_encryption_by_default"][0]["sse_algorithm"]
        rules = [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": way}}]
        s3.put_bucket_encryption(Bucket=encryption["bucket"], ServerSideEncryptionConfiguration={"Rules": rules})
    for cors in of("aws_s3_bucket_cors_configuration"):
        keys = {
            "AllowedHeaders": "allowed_headers",
            "AllowedMethods": "allowed_methods",
            "AllowedOrigins": "allowed_origins",
            "ExposeHeaders": "expose_headers",
            "MaxAgeSeconds": "max_age_seconds",
        }
        rules = [{key: rule[value] for key, value in keys.items()} for rule in cors["cors_rule"]]
        s3.put_bucket_cors(Bucket=cors["bucket"], CORSConfiguration={"CORSRules": rules})
    for events in of("aws_s3_bucket_notification"):
        configurations = []
        for queue in events["queue"]:
            rules = [
                {"Name": "prefix", "Value": queue["filter_prefix"]},
                {"Name": "suffix", "Value": queue["filter_suffix"]},
            ]
            to = {"Id": queue["id"], "QueueArn": queue["queue_arn"], "Events": queue["events"]}
            configurations.append(to | {"Filter": {"Key": {"FilterRules": rules}}})
        given = {"QueueConfigurations": configurations}
        s3.put_bucket_notification_configuration(Bucket=events["bucket"], NotificationConfiguration=given)


def make_tables(dynamodb):
    def keys(of_what):
        pairs = [(of_what["hash_key"], "HASH"), (of_what["range_key"], "RANGE")]
        return [{"AttributeName": key, "KeyType": kind} for key, kind in pairs if key]

    facts = {}
    for table in of("aws_dynamodb_table"):
        indexes = [
            {"IndexName": index["name"], "KeySchema": keys(index), "Projection": {"ProjectionType": index["projection_type"]}}
            for index in table["global_secondary_index"]
        ]
        attributes = [{"AttributeName": one["name"], "AttributeType": one["type"]} for one in table["attribute"]]
        more = {"GlobalSecondaryIndexes": indexes} if indexes else {}
        dynamodb.create_table(
            TableName=table["name"],
            KeySchema=keys(table),
            AttributeDefinitions=attributes,
            BillingMode=table["billing_mode"],
            DeletionProtectionEnabled=table["deletion_protection_enabled"],
            **more,
        )
        for ttl in table["ttl"]:
            given = {"AttributeName": ttl["attribute_name"], "Enabled": ttl["enabled"]}
            dynamodb.update_time_to_live(TableName=table["name"], TimeToLiveSpecification=given)
        told = dynamodb.describe_time_to_live(TableName=table["name"])["TimeToLiveDescription"]
        facts[table["name"]] = told.get("AttributeName")
    return facts


def received(sqs, url):
    """The body of one message, if there is one, which can be received again at once."""
    messages = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=0).get("Messages", [])
    for message in messages:
        sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0)
    return json.loads(messages[0]["Body"]) if messages else None


def emptied(sqs, url):
    """The keys of all events, which are then gone."""
    keys = []
    while messages := sqs.receive_message(QueueUrl=url, WaitTimeSeconds=0).get("Messages"):
        for message in messages:
            body = json.loads(message["Body"])
            keys += [record["s3"]["object"]["key"] for record in body.get("Records", [])]
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return keys


def credentials(role):
    """Those of a session of a role, which has the policies of the state."""
    iam, sts = client("iam"), client("sts")
    iam.create_role(RoleName=role, AssumeRolePolicyDocument="{}")
    for policy in of("aws_iam_role_policy"):
        if policy["name"] == role:
            iam.put_role_policy(RoleName=role, PolicyName=role, PolicyDocument=policy["policy"])
    arn = f"arn:aws:iam::123456789012:role/{role}"
    given = sts.assume_role(RoleArn=arn, RoleSessionName="session")["Credentials"]
    keys = {"aws_access_key_id": "AccessKeyId", "aws_secret_access_key": "SecretAccessKey", "aws_session_token": "SessionToken"}
    return {key: given[value] for key, value in keys.items()}


@set_initial_no_auth_action_count(0)
def rights(given):
    """What a session may do with objects of each kind, and with the buckets. moto judges actions and resources for S3 only."""
    s3 = client("s3", given)
    places = {
        "upload": (INPUT, "input/a/source.mp4"),
        "piece": (INPUT, "segments/a/0.mp4"),
        "converted": (OUTPUT, "jobs/a/segments/0.mp4"),
        "final": (OUTPUT, "jobs/a/final.mp4"),
        "other-in": (INPUT, "x"),
        "other-out": (OUTPUT, "x"),
    }
    tags = {"TagSet": [{"Key": "stereo-spot-lifecycle", "Value": "expire-segments"}]}
    ways = {
        "get": lambda at: s3.get_object(**at),
        "put": lambda at: s3.put_object(**at, Body=b"x"),
        "tag": lambda at: s3.put_object_tagging(**at, Tagging=tags),
        "delete": lambda at: s3.delete_object(**at),
    }
    tried = [(f"{way} {place}", lambda c=call, b=bucket, k=key: c({"Bucket": b, "Key": k}))
             for place, (bucket, key) in places.items() for way, call in ways.items()]
    tried += [(f"list {word}", lambda b=bucket: s3.list_objects_v2(Bucket=b)) for word, bucket in [("in", INPUT), ("out", OUTPUT)]]
    tried += [(f"policy {word}", lambda b=bucket: s3.get_bucket_policy(Bucket=b)) for word, bucket in [("in", INPUT), ("out", OUTPUT)]]
    allowed = []
    for word, attempt in tried:
        try:
            attempt()
        except s3.exceptions.ClientError as error:
            if error.response["Error"]["Code"] != "AccessDenied":
                allowed.append(f"{word}: {error}")
        else:
            allowed.append(word)
    return allowed


@mock_aws
def main():
    sqs, s3, dynamodb = client("sqs"), client("s3"), client("dynamodb")
    urls = make_queues(sqs)
    make_buckets(s3)
    facts = {"ttl": make_tables(dynamodb), "events": {}, "tries": {}}

    work = {queue: url for queue, url in urls.items() if f"{queue}-dlq" in urls}
    for url in work.values():
        emptied(sqs, url)
    for key in ["input/a/source.mp4", "input/a/notes.txt", "segments/a/0.mp4", "other/a.mp4"]:
        s3.put_object(Bucket=INPUT, Key=key, Body=b"x")
    s3.put_object(Bucket=OUTPUT, Key="jobs/a/final.mp4", Body=b"x")
    for queue, url in work.items():
        facts["events"][queue] = emptied(sqs, url)

    for queue, url in work.items():
        sqs.send_message(QueueUrl=url, MessageBody="{}")
        tries = 0
        while received(sqs, url) is not None and tries < 20:
            tries += 1
        facts["tries"][queue] = [tries, received(sqs, urls[f"{queue}-dlq"]) == {}]

    jobs = "stereo-spot-jobs"
    for number, status in enumerate(["completed", "failed", "completed"]):
        item = {"job_id": {"S": f"j{number}"}, "status": {"S": status}, "completed_at": {"N": str(9 - number)}}
        dynamodb.put_item(TableName=jobs, Item=item)
    asked = dynamodb.query(
        TableName=jobs,
        IndexName="status-completed_at",
        KeyConditionExpression="#s = :s",
        ExpressionAttributeNames={"#s": "status"},
        ExpressionAttributeValues={":s": {"S": "completed"}},
    )
    facts["completed"] = [item["job_id"]["S"] for item in asked["Items"]]
    for number in [2, 10, 1]:
        item = {"job_id": {"S": "j"}, "segment_index": {"N": str(number)}}
        dynamodb.put_item(TableName="stereo-spot-segment-completions", Item=item)
    asked = dynamodb.query(
        TableName="stereo-spot-segment-completions",
        KeyConditionExpression="job_id = :j",
        ExpressionAttributeValues={":j": {"S": "j"}},
    )
    facts["pieces"] = [int(item["segment_index"]["N"]) for item in asked["Items"]]
    try:
        dynamodb.delete_table(TableName=jobs)
        facts["deleted"] = True
    except dynamodb.exceptions.ClientError:
        facts["deleted"] = False
    # Everything is there, so that what fails fails for want of a right.
    for bucket, key in [(INPUT, "x"), (OUTPUT, "x"), (OUTPUT, "jobs/a/segments/0.mp4")]:
        s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    sessions = {role: credentials(role) for role in ["web-ui", "media-worker", "video-worker", "keda", "karpenter"]}
    facts["rights"] = {role: rights(given) for role, given in sessions.items()}
    json.dump(facts, sys.stdout)


main()
