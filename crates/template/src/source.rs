//! One template text with its name, and the way from a byte offset to a line and a column.

use std::rc::Rc;

use rhumb_value::Str;

/// A text that was parsed, shared by every template that it defines.
#[derive(Debug)]
pub struct Source {
    /// The name it was parsed under; error texts start with it.
    pub name: Str,
    /// The bytes; text nodes are slices of them.
    pub text: Rc<[u8]>,
}

impl Source {
    /// The line of an offset, from one.
    #[must_use]
    pub fn line(&self, offset: u32) -> u32 {
        let before = &self.text[..(offset as usize).min(self.text.len())];
        1 + u32::try_from(memchr::memchr_iter(b'\n', before).count()).unwrap_or(u32::MAX)
    }

    /// The column of an offset in bytes, from zero, as Go counts it.
    #[must_use]
    pub fn column(&self, offset: u32) -> u32 {
        let offset = (offset as usize).min(self.text.len());
        let start = memchr::memrchr(b'\n', &self.text[..offset]).map_or(0, |i| i + 1);
        u32::try_from(offset - start).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_start_at_one_and_columns_at_zero() {
        let s = Source { name: "x".into(), text: Rc::from(&b"ab\ncd\n"[..]) };
        let cases = [(0, 1, 0), (2, 1, 2), (3, 2, 0), (4, 2, 1), (6, 3, 0), (99, 3, 0)];
        for (offset, line, column) in cases {
            assert_eq!((s.line(offset), s.column(offset)), (line, column), "{offset}");
        }
    }
}
