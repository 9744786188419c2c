//! The objects of a render.

use serde_json::Value;

/// What `template` printed, as text and as objects in the order of the text; hooks and tests are among them.
#[derive(Debug, Clone)]
pub struct Objects {
    /// The whole output.
    pub text: String,
    all: Vec<Value>,
}

impl Objects {
    /// Reads an output.
    #[must_use]
    pub fn read(text: &str) -> Objects {
        Objects { text: text.to_owned(), all: crate::yaml::documents(text) }
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Value> {
        self.all.iter()
    }

    /// Those of one kind.
    pub fn kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Value> {
        self.all.iter().filter(move |object| object["kind"] == kind)
    }

    /// How many of one kind there are.
    #[must_use]
    pub fn count(&self, kind: &str) -> usize {
        self.kind(kind).count()
    }

    /// The one of this kind and name.
    #[must_use]
    pub fn get(&self, kind: &str, name: &str) -> &Value {
        self.find(kind, name).unwrap_or_else(|| panic!("no {kind} {name} among:\n{}", self.names().join("\n")))
    }

    /// The one of this kind and name, if it is there.
    #[must_use]
    pub fn find(&self, kind: &str, name: &str) -> Option<&Value> {
        self.all.iter().find(|object| object["kind"] == kind && object["metadata"]["name"] == name)
    }

    /// Kind and name of each, in the order of the text.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        self.all.iter().map(|o| format!("{} {}", text(&o["kind"]), text(&o["metadata"]["name"]))).collect()
    }

    /// Whether an object is a hook (a test is one).
    #[must_use]
    pub fn is_hook(object: &Value) -> bool {
        object["metadata"]["annotations"].get("helm.sh/hook").is_some()
    }

    /// Every pod that these objects make: the object, and its pod template (a Pod is its own). Those of hooks and tests as well.
    #[must_use]
    pub fn pods(&self) -> Vec<(&Value, &Value)> {
        let template = |object: &Value| match object["kind"].as_str() {
            Some("Pod") => Some(""),
            Some("CronJob") => Some("/spec/jobTemplate/spec/template"),
            Some("Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Job") => Some("/spec/template"),
            _ => None,
        };
        let pods = self.all.iter().filter_map(|object| Some((object, object.pointer(template(object)?)?)));
        pods.collect()
    }

    /// Every container of every pod, init containers first: object, container.
    #[must_use]
    pub fn containers(&self) -> Vec<(&Value, &Value)> {
        let mut containers = Vec::new();
        for (object, pod) in self.pods() {
            for list in ["initContainers", "containers"] {
                containers.extend(pod["spec"][list].as_array().into_iter().flatten().map(|c| (object, c)));
            }
        }
        containers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "---\n# Source: a/b.yaml\nkind: Deployment\nmetadata: {name: a}\nspec:\n  replicas: 2\n  template:\n    spec:\n      initContainers: [{name: i}]\n      containers: [{name: c}]\n---\n# only a comment\n---\nkind: Pod\nmetadata:\n  name: t\n  annotations: {helm.sh/hook: test}\nspec:\n  containers: [{name: p}]\n---\nkind: CronJob\nmetadata: {name: c}\nspec: {jobTemplate: {spec: {template: {spec: {containers: [{name: j}]}}}}}\n";

    #[test]
    fn objects_are_found() {
        let objects = Objects::read(TEXT);
        assert_eq!(objects.names(), ["Deployment a", "Pod t", "CronJob c"]);
        assert_eq!(objects.get("Deployment", "a")["spec"]["replicas"], 2);
        assert_eq!(objects.count("Pod"), 1);
        assert!(objects.find("Pod", "a").is_none());
        assert!(Objects::is_hook(objects.get("Pod", "t")) && !Objects::is_hook(objects.get("CronJob", "c")));
        let names: Vec<_> = objects.containers().into_iter().map(|(_, c)| c["name"].clone()).collect();
        assert_eq!(names, ["i", "c", "p", "j"]);
    }
}
