//! Node's face of `gem-shm`: the server's and the client's end of shared-memory connections as two
//! classes. Lengths are bytes; errors carry `code`, one of the project's `GEM_*` names.

// Not `forbid`: what the napi macros expand to allows itself.
#![deny(unsafe_code)]

mod client;
mod error;
mod server;

use napi_derive::napi;

/// The version of the segment's layout: ends of different versions refuse each other.
#[napi]
pub const LAYOUT_VERSION: u32 = gem_shm::layout::VERSION;
