//! What goes into and comes out of a server.

use crate::handshake::Token;
use crate::layout::DEFAULT_MAX_MESSAGE;

/// What [`Server::bind`](crate::Server::bind) needs to know.
#[derive(Debug, Clone)]
pub struct BindOptions {
    /// Path of the socket; `@name` is in Linux's abstract namespace and leaves no file.
    pub path: String,
    /// What clients must show: random bytes, announced to them by another way.
    pub token: Token,
    /// Longest request in bytes, 1 to 2^30.
    pub max_message: u32,
    /// Connections that are accepted at the same time.
    pub max_connections: usize,
}

impl BindOptions {
    /// The defaults for a server at `path` with `token`: requests up to 64 MiB, 1,024 connections.
    #[must_use]
    pub fn new(path: impl Into<String>, token: Token) -> Self {
        Self {
            path: path.into(),
            token,
            max_message: DEFAULT_MAX_MESSAGE,
            max_connections: 1024,
        }
    }
}

/// A connection's number: never 0, unique within a server (until 2^32 connections were made).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u32);

/// Why a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseReason {
    /// The client hung up or died.
    HungUp,
    /// The client broke the layout.
    Corrupt,
    /// [`Server::close_connection`](crate::Server::close_connection) was called.
    Requested,
}

/// A connection that ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed {
    /// Which one.
    pub id: ConnectionId,
    /// Why.
    pub reason: CloseReason,
}
