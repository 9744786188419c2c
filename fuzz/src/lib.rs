//! Fuzz targets: what untrusted input reaches first, each as one function over bytes.
//!
//! A target answers with an *outcome*: a short text that says in which way the input went (the kind of error, or what came
//! out). The driver keeps inputs with new outcomes and changes those further. A target fails by a panic (which its own checks raise
//! too), by using up the stack, the time or the memory. `docs/fuzzing.md` says how to run them and what they found.

pub mod compare;
pub mod seeds;
mod targets;

pub use targets::{archive, chart, flags, template, yaml};

/// A target's function: bytes in, outcome out.
pub type Run = fn(&[u8]) -> String;

/// All targets by name.
pub const TARGETS: &[(&str, Run)] = &[
    ("template", template),
    ("yaml", yaml),
    ("archive", archive),
    ("flags", flags),
    ("chart", chart),
    ("compare", compare::compare),
];

#[cfg(test)]
mod tests {
    use super::*;
    use rhumb_testkit::generate::random::Random;

    /// Every seed of every target, and a few damaged ones, so that the targets stay in working order.
    #[test]
    fn seeds_pass() {
        for (name, run) in TARGETS {
            let seeds = seeds::of(name).unwrap();
            assert!(seeds.len() > 10, "{name}: {} seeds", seeds.len());
            let mut random = Random::new(1, 0);
            let on_large_stack = std::thread::Builder::new().stack_size(256 << 20);
            // Two processes for an input: a few show that the target works, where both programs are there.
            let count = if *name == "compare" { 3 } else { 150 };
            let work = move || {
                for seed in seeds.iter().take(count) {
                    run(seed);
                    run(&seeds::damaged(&mut random, name, seed, &seeds));
                }
            };
            on_large_stack.spawn(work).unwrap().join().unwrap();
        }
    }

    #[test]
    fn outcomes_tell_inputs_apart() {
        assert_ne!(template(b"{{ .Values.a }}"), template(b"{{ .Values.a"));
        assert_ne!(yaml(b"a: 1"), yaml(b"a: ["));
        assert_eq!(yaml(b"b: ["), yaml(b"a: ["));
    }
}
