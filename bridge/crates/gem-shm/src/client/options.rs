//! What goes into and comes out of a client.

use std::time::Duration;

use crate::handshake::Token;
use crate::layout::{DEFAULT_MAX_MESSAGE, DEFAULT_REQUEST_BYTES, DEFAULT_RESPONSE_BYTES};
use crate::segment::Backing;

/// What [`Client::connect`](crate::Client::connect) needs to know.
#[derive(Debug, Clone)]
pub struct ConnectOptions {
    /// Path of the server's socket; `@name` is in Linux's abstract namespace.
    pub path: String,
    /// The token that the server announced.
    pub token: Token,
    /// Capacity of the request ring in bytes: a power of two from 4 KiB to 1 GiB.
    pub request_bytes: u32,
    /// Capacity of the response ring in bytes: a power of two from 4 KiB to 1 GiB.
    pub response_bytes: u32,
    /// Longest message in either direction in bytes, 1 to 2^30; the server may allow less.
    pub max_message: u32,
    /// Where the segment's memory comes from.
    pub backing: Backing,
    /// Longest time for the whole greeting.
    pub timeout: Duration,
}

impl ConnectOptions {
    /// The defaults for a server at `path` with `token`: 256 KiB and 1 MiB of rings, messages up to
    /// 64 MiB, 5 s for the greeting.
    #[must_use]
    pub fn new(path: impl Into<String>, token: Token) -> Self {
        Self {
            path: path.into(),
            token,
            request_bytes: DEFAULT_REQUEST_BYTES,
            response_bytes: DEFAULT_RESPONSE_BYTES,
            max_message: DEFAULT_MAX_MESSAGE,
            backing: Backing::Auto,
            timeout: Duration::from_secs(5),
        }
    }
}

/// How a wait ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// What was waited for is there.
    Ready,
    /// The deadline passed.
    TimedOut,
    /// A signal arrived; look at it and wait again.
    Interrupted,
}
