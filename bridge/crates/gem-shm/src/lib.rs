//! Request and reply messages between processes of one host through shared memory.
//!
//! A client ([`Client`]) connects to a server ([`Server`]) over a unix socket, creates a memory
//! segment with two rings and hands it over. From then on messages are copied into and out of the
//! rings; the socket and a pipe carry only wake-ups for a side that sleeps, and the socket's
//! hang-up tells either side that the other is gone.
//!
//! * [`layout`]: the segment, byte by byte.
//! * [`ring`]: one single-producer, single-consumer ring and its sleep/wake protocol.
//! * [`Segment`]: creating, checking and mapping a segment.
//! * [`Client`], [`Server`]: the two ends.
//!
//! Everything read from a segment is untrusted: a peer that writes nonsense gets its connection
//! closed with [`ShmError::Corrupt`] and can neither make this process panic nor make it read or
//! write outside the mapping.

pub mod layout;
pub mod ring;

mod error;
mod heap;
mod inbox;
mod outbox;
mod sync;

#[cfg(not(loom))]
mod client;
#[cfg(not(loom))]
pub mod fault;
#[cfg(not(loom))]
mod fork;
#[cfg(not(loom))]
mod handshake;
#[cfg(not(loom))]
mod segment;
#[cfg(not(loom))]
mod server;
#[cfg(not(loom))]
mod socket;
#[cfg(not(loom))]
mod spin;
#[cfg(not(loom))]
mod sys;

pub use error::{Refusal, ShmError};
pub use heap::HeapMemory;
pub use inbox::Inbox;
pub use outbox::Outbox;

#[cfg(not(loom))]
pub use client::{Client, ConnectOptions, Wait};
#[cfg(not(loom))]
pub use handshake::{TOKEN_BYTES, Token};
#[cfg(not(loom))]
pub use segment::{Backing, Segment, SegmentOptions, SharedRing};
#[cfg(not(loom))]
pub use server::{BindOptions, CloseReason, Closed, ConnectionId, Server};
#[cfg(not(loom))]
pub use spin::{SpinPolicy, Spinner};
