//! The one error type of the crate.

use std::io;

/// Why an operation failed. [`ShmError::code`] is the stable, machine-readable name.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ShmError {
    /// The peer is gone, or this side was closed.
    #[error("The connection is closed.")]
    Closed,
    /// The deadline passed.
    #[error("The deadline passed before the operation was done.")]
    TimedOut,
    /// A signal arrived and the caller's check asked to stop.
    #[error("A signal interrupted the operation.")]
    Interrupted,
    /// The peer wrote something that the layout forbids; the connection is of no more use.
    #[error("The peer broke the shared-memory layout: {0}.")]
    Corrupt(&'static str),
    /// A message is longer than the connection allows.
    #[error("The message has {length} bytes, at most {limit} are allowed.")]
    TooLarge {
        /// Length of the message in bytes.
        length: usize,
        /// Largest allowed length in bytes.
        limit: usize,
    },
    /// The server answered the greeting with a refusal.
    #[error("The server refused the connection: {0}.")]
    Refused(Refusal),
    /// The connection belongs to the process that opened it, and this is a forked child.
    #[error("The connection was opened before a fork; open a new one in the child process.")]
    Forked,
    /// The platform lacks something that shared memory needs.
    #[error("Shared memory is not available here: {0}.")]
    Unsupported(&'static str),
    /// An argument is outside its range.
    #[error("{0}")]
    Invalid(String),
    /// The operating system refused a call.
    #[error("{context}: {source}")]
    Io {
        /// What was being done.
        context: &'static str,
        /// What the operating system said.
        source: io::Error,
    },
}

impl ShmError {
    /// The error's code, one of the project's `GEM_*` names.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Closed => "GEM_SERVER_LOST",
            Self::TimedOut => "GEM_DEADLINE",
            Self::Interrupted => "GEM_INTERRUPTED",
            Self::Corrupt(_) => "GEM_BAD_FRAME",
            Self::TooLarge { .. } => "GEM_LIMIT",
            Self::Refused(_) | Self::Io { .. } => "GEM_UNAVAILABLE",
            Self::Forked => "GEM_INVALID_STATE",
            Self::Unsupported(_) => "GEM_UNSUPPORTED",
            Self::Invalid(_) => "GEM_INVALID_ARGUMENT",
        }
    }

    /// Makes a converter for `map_err` that says what was being done.
    #[cfg(not(loom))]
    pub(crate) fn io(context: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { context, source }
    }
}

/// Why a server refused a greeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The greeting has the wrong size, magic number, or lacks the segment's descriptor.
    #[error("the greeting is malformed")]
    Malformed,
    /// The two sides speak different layout versions.
    #[error("the layout versions differ")]
    Version,
    /// The token is not the one that the server announced.
    #[error("the token is wrong")]
    Token,
    /// The segment's size, seals or header do not match the greeting.
    #[error("the segment is not acceptable")]
    Segment,
    /// The server has as many connections as it allows.
    #[error("the server is full")]
    Full,
    /// A reason that this version does not know, with its number.
    #[error("unknown reason {0}")]
    Other(u32),
}

impl Refusal {
    /// The number of the reason in the answer packet (0 means accepted).
    #[cfg_attr(
        loom,
        allow(dead_code, reason = "the handshake is not part of the models")
    )]
    pub(crate) fn number(self) -> u32 {
        match self {
            Self::Malformed => 1,
            Self::Version => 2,
            Self::Token => 3,
            Self::Segment => 4,
            Self::Full => 5,
            Self::Other(number) => number,
        }
    }

    /// The reason with a number from an answer packet.
    #[cfg_attr(
        loom,
        allow(dead_code, reason = "the handshake is not part of the models")
    )]
    pub(crate) fn from_number(number: u32) -> Self {
        match number {
            1 => Self::Malformed,
            2 => Self::Version,
            3 => Self::Token,
            4 => Self::Segment,
            5 => Self::Full,
            other => Self::Other(other),
        }
    }
}
