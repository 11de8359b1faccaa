//! One single-producer, single-consumer ring of bytes, and how its two sides sleep.
//!
//! The protocol of sleeping is Dekker's. Who waits sets its flag, then a `SeqCst` fence, then looks
//! once more, then sleeps. Who publishes stores its position, then a `SeqCst` fence, then reads the
//! flag, and wakes the other side if it is set. Of the two looks at least one sees the other's
//! store, so no wake-up is lost. A flag belongs to the side that waits: nobody else clears it.

use std::mem::MaybeUninit;

use crate::layout::RingHeader;

mod consumer;
mod producer;

pub use consumer::{Consumer, Frame};
pub use producer::Producer;

/// The memory of one ring: a mapped segment, or the heap in tests and models.
///
/// # Safety
///
/// `header` must return the same words and `capacity` the same number at every call; the capacity
/// must be a power of two from 8 to 2^30. `write` and `read` must copy exactly the bytes asked for.
pub unsafe trait Memory {
    /// The ring's shared words.
    fn header(&self) -> &RingHeader;

    /// Size of the ring in bytes.
    fn capacity(&self) -> u32;

    /// Copies `bytes` into the ring at `offset`.
    ///
    /// # Safety
    ///
    /// `offset + bytes.len()` must not exceed the capacity, and the caller must be the one that
    /// may write this range: the producer, before it publishes it.
    unsafe fn write(&self, offset: u32, bytes: &[u8]);

    /// Copies bytes out of the ring at `offset` and so fills all of `target`.
    ///
    /// # Safety
    ///
    /// `offset + target.len()` must not exceed the capacity, and the caller must be the one that
    /// may read this range: the consumer, before it gives it back.
    unsafe fn read(&self, offset: u32, target: &mut [MaybeUninit<u8>]);
}

/// A length within a ring as a position's step.
#[inline]
#[expect(
    clippy::cast_possible_truncation,
    reason = "never more than a ring's capacity, 2^30"
)]
pub(crate) fn low_u32(bytes: usize) -> u32 {
    bytes as u32
}
