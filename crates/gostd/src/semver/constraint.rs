//! Ranges: alternatives of comparisons that must all hold.

use std::fmt;

use super::bound::{self, Bound, Miss};
use super::error::Error;
use super::scan;
use super::version::Version;

/// The longest range text that is read.
const MAX_LEN: usize = 512;

/// A range such as `>=1.2, <2 || ^3.1`.
#[derive(Debug, Clone)]
pub struct Constraints {
    alternatives: Vec<Vec<Bound>>,
    /// Lets pre-releases into comparisons that name none. Off, as in the reference.
    pub include_prerelease: bool,
}

impl Constraints {
    /// Reads a range. The reference's `NewConstraint`.
    pub fn parse(text: &str) -> Result<Constraints, Error> {
        if text.len() > MAX_LEN {
            return Err(Error::ConstraintTooLong);
        }
        let rewritten = rewrite_hyphens(text);
        let alternatives = rewritten.split("||").map(parse_alternative).collect::<Result<_, _>>()?;
        Ok(Constraints { alternatives, include_prerelease: false })
    }

    /// Whether the version lies in the range.
    pub fn check(&self, version: &Version) -> bool {
        self.alternatives.iter().any(|bounds| {
            let include = self.admits_prerelease(bounds);
            bounds.iter().all(|bound| bound.test(version, include).is_ok())
        })
    }

    /// One comparison that names a pre-release lets them into all that must hold with it.
    fn admits_prerelease(&self, bounds: &[Bound]) -> bool {
        self.include_prerelease || bounds.iter().any(Bound::names_prerelease)
    }

    /// Whether the version lies in the range, or else one sentence for every comparison that
    /// fails; that a version is a pre-release is said only once.
    pub fn validate(&self, version: &Version) -> Result<(), Vec<String>> {
        let mut reasons = Vec::new();
        let mut said_prerelease = false;
        for bounds in &self.alternatives {
            let include = self.admits_prerelease(bounds);
            let mut met = true;
            for bound in bounds {
                let Err(miss) = bound.test(version, include) else {
                    continue;
                };
                met = false;
                if miss != Miss::Prerelease || !std::mem::replace(&mut said_prerelease, true) {
                    reasons.push(bound.explain(version, miss));
                }
            }
            if met {
                return Ok(());
            }
        }
        Err(reasons)
    }
}

impl fmt::Display for Constraints {
    /// The range in normal form: no space after a sign, a space for and, ` || ` for or.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, bounds) in self.alternatives.iter().enumerate() {
            if i > 0 {
                f.write_str(" || ")?;
            }
            for (j, bound) in bounds.iter().enumerate() {
                if j > 0 {
                    f.write_str(" ")?;
                }
                write!(f, "{bound}")?;
            }
        }
        Ok(())
    }
}

/// Reads comparisons with commas or white space between them. The whole text must have the right
/// shape before any version in it is read, because the two failures have different words.
fn parse_alternative(text: &str) -> Result<Vec<Bound>, Error> {
    let shapes = shapes(text).ok_or_else(|| Error::Improper(text.to_owned()))?;
    shapes.iter().map(bound::Shape::read).collect()
}

fn shapes(text: &str) -> Option<Vec<bound::Shape<'_>>> {
    let mut shapes = Vec::new();
    let mut rest = scan::skip_space(text);
    loop {
        let (shape, after) = bound::shape(rest)?;
        shapes.push(shape);
        let spaced = scan::skip_space(after);
        if spaced.is_empty() {
            return Some(shapes);
        }
        rest = match spaced.strip_prefix(',') {
            Some(next) => scan::skip_space(next),
            None if spaced.len() < after.len() => spaced,
            None => return None,
        };
    }
}

/// Rewrites every `A - B` as `>= A, <= B `, wherever it stands; errors show the rewritten text.
fn rewrite_hyphens(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        if let Some((low, high, len)) = hyphen_range(&text[at..]) {
            out.push_str(&format!(">= {low}, <= {high} "));
            at += len;
            continue;
        }
        let end = at + text[at..].chars().next().map_or(1, char::len_utf8);
        out.push_str(&text[at..end]);
        at = end;
    }
    out
}

/// A hyphen range at the start of the text: both versions and the length with the space around.
fn hyphen_range(text: &str) -> Option<(&str, &str, usize)> {
    let start = scan::skip_space(text);
    let (_, after_low) = scan::range_version(start)?;
    let hyphen = scan::skip_space(after_low).strip_prefix('-')?;
    let high = scan::skip_space(hyphen);
    if scan::skip_space(after_low).len() == after_low.len() || high.len() == hyphen.len() {
        return None;
    }
    let (_, after_high) = scan::range_version(high)?;
    let low = &start[..start.len() - after_low.len()];
    let rest = scan::skip_space(after_high);
    Some((low, &high[..high.len() - after_high.len()], text.len() - rest.len()))
}
