//! Terraform's files, parsed: which objects there are, and which are named where.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use hcl::expr::{Expression, ObjectKey, Operation, TemplateExpr, TraversalOperator};
use hcl::structure::{Block, Body, Structure};
use hcl::template::{Directive, Element, Template};
use serde_json::Value;

/// All files of a folder as one body: Terraform knows no order and no files either.
pub(crate) struct Module {
    pub(crate) body: Body,
}

impl Module {
    /// Panics with the parser's words where a file is not HCL.
    pub(crate) fn read(folder: &Path) -> Module {
        let mut files: Vec<_> =
            std::fs::read_dir(folder).expect("readable HCL").map(|entry| entry.expect("readable HCL").path()).collect();
        files.retain(|file| file.extension().is_some_and(|ext| ext == "tf"));
        files.sort();
        let mut all = Vec::new();
        for file in files {
            let text = std::fs::read_to_string(&file).expect("readable HCL");
            let body = hcl::parse(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
            all.extend(body);
        }
        Module { body: Body::from(all) }
    }

    /// Blocks of a kind: `resource`, `variable`, …
    pub(crate) fn blocks<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Block> {
        self.body.blocks().filter(move |block| block.identifier() == kind)
    }

    /// A resource's block by `type.name`; panics where there is none.
    pub(crate) fn resource(&self, address: &str) -> &Block {
        self.blocks("resource")
            .find(|block| labels(block) == address)
            .unwrap_or_else(|| panic!("no resource {address}"))
    }

    /// A local value's expression.
    pub(crate) fn local(&self, name: &str) -> &Expression {
        let mut all = self.blocks("locals").flat_map(|block| block.body().attributes());
        all.find(|attribute| attribute.key() == name).unwrap_or_else(|| panic!("no local.{name}")).expr()
    }

    /// What there is, as it is named in expressions: `var.x`, `local.x`, `module.x`, `data.x.y`, `aws_x.y`.
    pub(crate) fn defined(&self) -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        for block in self.body.blocks() {
            match block.identifier() {
                "resource" => drop(all.insert(labels(block))),
                "data" => drop(all.insert(format!("data.{}", labels(block)))),
                "variable" => drop(all.insert(format!("var.{}", labels(block)))),
                "module" => drop(all.insert(format!("module.{}", labels(block)))),
                "locals" => all.extend(block.body().attributes().map(|local| format!("local.{}", local.key()))),
                _ => {}
            }
        }
        all
    }

    /// What is named, with the path behind it: `aws_sqs_queue.work` → {`arn`, `url`}. Names that a `for` brings are no references.
    pub(crate) fn used(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut walk = Walk::default();
        walk.body(&self.body);
        walk.found
    }
}

/// A block's labels with dots between them.
pub(crate) fn labels(block: &Block) -> String {
    block.labels().iter().map(|label| label.as_str()).collect::<Vec<_>>().join(".")
}

/// The expression of a block's attribute.
pub(crate) fn attribute<'a>(body: &'a Body, name: &str) -> Option<&'a Expression> {
    body.attributes().find(|attribute| attribute.key() == name).map(|attribute| attribute.expr())
}

/// An expression as a value, where what Terraform would compute stays as its text: `"${local.input}/input/*"`. `jsonencode(…)` is its
/// argument, and an index in a reference stays in it.
pub(crate) fn literal(expression: &Expression) -> Value {
    match expression {
        Expression::Array(items) => items.iter().map(literal).collect(),
        Expression::Object(object) => {
            let key = |key: &ObjectKey| match key {
                ObjectKey::Expression(expression) => match literal(expression) {
                    Value::String(text) => text,
                    other => other.to_string(),
                },
                other => other.to_string(),
            };
            Value::Object(object.iter().map(|(name, item)| (key(name), literal(item))).collect())
        }
        Expression::FuncCall(call) if call.name.name.as_str() == "jsonencode" => literal(&call.args[0]),
        Expression::Parenthesis(inner) => literal(inner),
        Expression::Null => Value::Null,
        Expression::Bool(yes) => (*yes).into(),
        Expression::Number(number) => number.as_i64().map_or_else(|| number.to_string().into(), Value::from),
        Expression::String(text) => text.clone().into(),
        Expression::TemplateExpr(template) => match &**template {
            TemplateExpr::QuotedString(text) => text.clone().into(),
            TemplateExpr::Heredoc(heredoc) => heredoc.template.clone().into(),
        },
        other => hcl::format::to_string(other).expect("readable HCL").into(),
    }
}

#[derive(Default)]
struct Walk {
    found: BTreeMap<String, BTreeSet<String>>,
    scope: Vec<String>,
}

impl Walk {
    fn body(&mut self, body: &Body) {
        for structure in body.iter() {
            match structure {
                Structure::Attribute(attribute) => self.expression(attribute.expr()),
                // What it names are arguments of the block around it.
                Structure::Block(block) if block.identifier() == "lifecycle" => {}
                Structure::Block(block) => self.body(block.body()),
            }
        }
    }

    fn expression(&mut self, expression: &Expression) {
        match expression {
            Expression::Array(items) => items.iter().for_each(|item| self.expression(item)),
            Expression::Object(object) => {
                for (key, item) in object.iter() {
                    // A bare word is the key itself, not a reference.
                    if let ObjectKey::Expression(key) = key
                        && !matches!(key, Expression::Variable(_))
                    {
                        self.expression(key);
                    }
                    self.expression(item);
                }
            }
            Expression::TemplateExpr(template) => self.template(&Template::from_expr(template).expect("readable HCL")),
            Expression::Variable(variable) => self.name(variable.as_str(), &[]),
            Expression::Traversal(traversal) => {
                for operator in &traversal.operators {
                    if let TraversalOperator::Index(index) = operator {
                        self.expression(index);
                    }
                }
                match &traversal.expr {
                    Expression::Variable(variable) => self.name(variable.as_str(), &traversal.operators),
                    other => self.expression(other),
                }
            }
            Expression::FuncCall(call) => call.args.iter().for_each(|item| self.expression(item)),
            Expression::Parenthesis(inner) => self.expression(inner),
            Expression::Conditional(choice) => {
                for item in [&choice.cond_expr, &choice.true_expr, &choice.false_expr] {
                    self.expression(item);
                }
            }
            Expression::Operation(operation) => match &**operation {
                Operation::Unary(one) => self.expression(&one.expr),
                Operation::Binary(two) => {
                    [&two.lhs_expr, &two.rhs_expr].into_iter().for_each(|item| self.expression(item))
                }
            },
            Expression::ForExpr(each) => {
                self.expression(&each.collection_expr);
                let before = self.scope.len();
                self.scope.extend(each.key_var.iter().chain([&each.value_var]).map(|name| name.as_str().to_owned()));
                each.key_expr
                    .iter()
                    .chain([&each.value_expr])
                    .chain(&each.cond_expr)
                    .for_each(|item| self.expression(item));
                self.scope.truncate(before);
            }
            _ => {}
        }
    }

    fn template(&mut self, template: &Template) {
        for element in template.elements() {
            match element {
                Element::Interpolation(part) => self.expression(&part.expr),
                Element::Directive(directive) => match &**directive {
                    Directive::If(choice) => {
                        self.expression(&choice.cond_expr);
                        self.template(&choice.true_template);
                        choice.false_template.iter().for_each(|part| self.template(part));
                    }
                    Directive::For(_) => panic!("a loop in a template: write a for expression"),
                },
                Element::Literal(_) => {}
            }
        }
    }

    fn name(&mut self, root: &str, operators: &[TraversalOperator]) {
        if self.scope.iter().any(|name| name == root)
            || ["each", "path", "self", "count"].contains(&root)
            || is_type(root)
        {
            return;
        }
        let parts = match root {
            "data" => 2,
            _ => 1,
        };
        let mut names = operators.iter().filter_map(|operator| match operator {
            TraversalOperator::GetAttr(name) => Some(name.as_str()),
            _ => None,
        });
        let mut address = root.to_owned();
        for name in names.by_ref().take(parts) {
            address = format!("{address}.{name}");
        }
        self.found.entry(address).or_default().extend(names.next().map(str::to_owned));
    }
}

/// Words of type constraints, which HCL cannot tell from references.
fn is_type(word: &str) -> bool {
    ["string", "number", "bool", "any"].contains(&word)
}
