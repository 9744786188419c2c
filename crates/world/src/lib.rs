//! The only door outside: files, clock, entropy, environment.
//!
//! Everything below the command line is pure; what it needs of the outside comes through [`World`]. The same code then
//! runs in a command, in a test, in an editor and in a browser.

/// What the outside can be asked.
///
/// Times are those of the outside's clock; all methods may be called any number of times.
pub trait World {
    /// Now: seconds since 1970-01-01T00:00:00Z and nanoseconds within the second.
    fn now(&self) -> (i64, u32);

    /// The name of the local time zone (`UTC`, `Europe/Berlin`), as Go's `time.Local` would find it.
    fn local_zone(&self) -> String;

    /// Fills the buffer with random bytes fit for keys.
    fn entropy(&self, buffer: &mut [u8]);

    /// One address of a host name, or nothing where it does not resolve.
    fn resolve_host(&self, name: &str) -> Option<String>;
}
