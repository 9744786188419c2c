//! S3 and SQS as moto plays them, with the queues, dead-letter queues and notifications that Terraform's files ask for.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use libtest_mimic::Failed;
use rhumb_platforms::programs::{Running, ports, until};
use rhumb_platforms::root;
use rhumb_testkit::lab;
use serde_json::{Value, json};

use crate::terraform::{Module, attribute, literal};

/// Not the one that moto, KEDA and the chart would take by themselves.
pub(crate) const REGION: &str = "eu-central-1";

const ACCOUNT: &str = "123456789012";

/// A running moto.
pub(crate) struct Aws {
    address: String,
    infra: Module,
    _server: Running,
}

/// What Terraform makes for one deployment: its name is in front of all others.
pub(crate) struct Deployment<'a> {
    aws: &'a Aws,
    pub(crate) name: String,
}

impl Aws {
    pub(crate) fn start() -> Result<Aws, Failed> {
        let modules = lab::MOTO.need()?;
        let [port] = ports()?;
        let address = format!("127.0.0.1:{port}");
        let mut python = Command::new("python3");
        python.args(["-m", "moto.server", "-H", "127.0.0.1", "-p", &port.to_string()]).env("PYTHONPATH", modules);
        let server = Running::start(python.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()))?;
        until(|| TcpStream::connect(&address).is_ok())?;
        Ok(Aws { address, infra: Module::read(&root().join("packages/aws-infra")), _server: server })
    }

    /// Where it is asked.
    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The queues, each with its dead-letter queue and redrive, the input bucket and its notifications, as they stand in Terraform's
    /// files.
    pub(crate) fn deployment(&self, name: &str) -> Result<Deployment<'_>, Failed> {
        let deployment = Deployment { aws: self, name: name.to_owned() };
        let queues = literal(self.infra.local("queues"));
        for queue in queues.as_object().ok_or("no queues")?.keys() {
            self.sqs("CreateQueue", &json!({ "QueueName": format!("{name}-{queue}-dlq") }))?;
            deployment.make(queue)?;
        }
        let place = format!(
            "<CreateBucketConfiguration><LocationConstraint>{REGION}</LocationConstraint></CreateBucketConfiguration>"
        );
        self.s3("PUT", &format!("/{name}-input"), &place)?;
        self.s3("PUT", &format!("/{name}-input?notification"), &self.notifications(name)?)?;
        Ok(deployment)
    }

    /// What S3's API takes for the resource `aws_s3_bucket_notification`.
    fn notifications(&self, name: &str) -> Result<String, Failed> {
        let mut all = String::new();
        for queue in self.infra.resource("aws_s3_bucket_notification.input").body().blocks() {
            let of =
                |key: &str| attribute(queue.body(), key).map(literal).ok_or(format!("a notification has no {key}"));
            let target = of("queue_arn")?.to_string();
            let target = target.split("\\\"").nth(1).ok_or_else(|| format!("no queue's name: {target}"))?;
            let events = of("events")?;
            let events = events.as_array().into_iter().flatten().filter_map(Value::as_str);
            let events: String = events.map(|event| format!("<Event>{event}</Event>")).collect();
            let text = |value: Value| value.as_str().unwrap_or_default().to_owned();
            all += &format!(
                "<QueueConfiguration><Id>{}</Id><Queue>{}</Queue>{events}<Filter><S3Key><FilterRule><Name>prefix</Name>\
                 <Value>{}</Value></FilterRule><FilterRule><Name>suffix</Name><Value>{}</Value></FilterRule></S3Key></Filter>\
                 </QueueConfiguration>",
                text(of("id")?),
                arn(&format!("{name}-{target}")),
                text(of("filter_prefix")?),
                text(of("filter_suffix")?),
            );
        }
        Ok(format!("<NotificationConfiguration>{all}</NotificationConfiguration>"))
    }

    fn sqs(&self, action: &str, question: &Value) -> Result<Value, Failed> {
        let head = format!(
            "POST / HTTP/1.1\r\nX-Amz-Target: AmazonSQS.{action}\r\nContent-Type: application/x-amz-json-1.0\r\n{}",
            credentials("sqs")
        );
        let answer = self.ask(&head, &question.to_string())?;
        if answer.trim().is_empty() { Ok(Value::Null) } else { Ok(serde_json::from_str(&answer)?) }
    }

    fn s3(&self, method: &str, path: &str, body: &str) -> Result<String, Failed> {
        self.ask(&format!("{method} {path} HTTP/1.1\r\n{}", credentials("s3")), body)
    }

    fn ask(&self, head: &str, body: &str) -> Result<String, Failed> {
        let mut stream = TcpStream::connect(&self.address)?;
        let rest = format!("Host: {}\r\nConnection: close\r\nContent-Length: {}", self.address, body.len());
        stream.write_all(format!("{head}{rest}\r\n\r\n{body}").as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (answered, text) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        if answered.split(' ').nth(1) == Some("200") {
            return Ok(text.to_owned());
        }
        Err(format!("{head}: {answer}").into())
    }
}

impl Deployment<'_> {
    pub(crate) fn url(&self, queue: &str) -> String {
        format!("{}/{ACCOUNT}/{}-{queue}", self.aws.endpoint(), self.name)
    }

    /// Makes a queue, empty, with its dead-letter queue behind it.
    pub(crate) fn make(&self, queue: &str) -> Result<(), Failed> {
        let infra = &self.aws.infra;
        let redrive = attribute(infra.resource("aws_sqs_queue.work").body(), "redrive_policy").map(literal);
        let attempts = redrive.ok_or("no redrive policy")?["maxReceiveCount"].clone();
        let dead = arn(&format!("{}-{queue}-dlq", self.name));
        let attributes = json!({
            "VisibilityTimeout": literal(infra.local("queues"))[queue]["visibility_seconds"].to_string(),
            "RedrivePolicy": json!({"deadLetterTargetArn": dead, "maxReceiveCount": attempts}).to_string(),
        });
        let question = json!({"QueueName": format!("{}-{queue}", self.name), "Attributes": attributes});
        self.aws.sqs("CreateQueue", &question).map(drop)
    }

    /// Deletes a queue with all that is in it.
    pub(crate) fn remove(&self, queue: &str) -> Result<(), Failed> {
        self.aws.sqs("DeleteQueue", &json!({"QueueUrl": self.url(queue)})).map(drop)
    }

    /// What is uploaded goes to the input bucket.
    pub(crate) fn upload(&self, key: &str) -> Result<(), Failed> {
        self.aws.s3("PUT", &format!("/{}-input/{key}", self.name), "bytes").map(drop)
    }

    pub(crate) fn send(&self, queue: &str, body: &str) -> Result<(), Failed> {
        self.aws.sqs("SendMessage", &json!({"QueueUrl": self.url(queue), "MessageBody": body})).map(drop)
    }

    /// One look at a queue, as a worker takes it: bodies and receipts of at most ten messages. They are hidden for the queue's time, or
    /// not at all.
    pub(crate) fn receive(&self, queue: &str, hidden: bool) -> Result<Vec<(String, String)>, Failed> {
        let mut question = json!({"QueueUrl": self.url(queue), "MaxNumberOfMessages": 10, "WaitTimeSeconds": 0});
        if !hidden {
            question["VisibilityTimeout"] = json!(0);
        }
        let answer = self.aws.sqs("ReceiveMessage", &question)?;
        let text = |message: &Value, key: &str| message[key].as_str().unwrap_or_default().to_owned();
        let messages = answer["Messages"].as_array().into_iter().flatten();
        Ok(messages.map(|message| (text(message, "Body"), text(message, "ReceiptHandle"))).collect())
    }

    /// Deletes what was received: the work is done.
    pub(crate) fn delete(&self, queue: &str, messages: &[(String, String)]) -> Result<(), Failed> {
        for (_, receipt) in messages {
            self.aws.sqs("DeleteMessage", &json!({"QueueUrl": self.url(queue), "ReceiptHandle": receipt}))?;
        }
        Ok(())
    }

    /// How many messages wait, and how many are being worked on.
    pub(crate) fn depth(&self, queue: &str) -> Result<(u64, u64), Failed> {
        let question = json!({"QueueUrl": self.url(queue), "AttributeNames": ["All"]});
        let answer = self.aws.sqs("GetQueueAttributes", &question)?;
        let number =
            |key: &str| answer["Attributes"][key].as_str().and_then(|text| text.parse().ok()).unwrap_or_default();
        Ok((number("ApproximateNumberOfMessages"), number("ApproximateNumberOfMessagesNotVisible")))
    }
}

fn arn(queue: &str) -> String {
    format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{queue}")
}

/// moto learns service and region from here, and checks nothing.
fn credentials(service: &str) -> String {
    format!(
        "Authorization: AWS4-HMAC-SHA256 Credential=test/20261122/{REGION}/{service}/aws4_request, SignedHeaders=host, Signature=0\r\n"
    )
}
