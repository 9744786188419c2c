//! HTML, JavaScript and URL escapes as text/template and net/url write them.
