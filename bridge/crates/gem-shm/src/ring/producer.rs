//! The writing side of a ring.

use crate::error::ShmError;
use crate::layout::{MESSAGE_ALIGN, MESSAGE_HEADER_BYTES, framed_bytes};
use crate::ring::{Memory, low_u32};
use crate::sync::{Acquire, Relaxed, Release, SeqCst, fence};

/// The writing side of a ring.
#[derive(Debug)]
pub struct Producer<M> {
    memory: M,
    capacity: u32,
    /// Where the next byte goes. The shared word is only an announcement and never read back.
    head: u32,
    /// The consumer's position when last looked at.
    tail: u32,
}

impl<M: Memory> Producer<M> {
    /// The producer of an empty ring whose stream starts at `position` (0 in a segment).
    pub fn new(memory: M, position: u32) -> Self {
        let capacity = memory.capacity();
        Self {
            memory,
            capacity,
            head: position,
            tail: position,
        }
    }

    /// Size of the ring in bytes.
    pub fn capacity(&self) -> u32 {
        self.capacity
    }

    /// Writes one message if all of it fits now; `false` and no change if not.
    ///
    /// # Errors
    ///
    /// [`ShmError::Corrupt`] when the consumer's position is impossible.
    #[inline]
    pub fn try_push(&mut self, message: &[u8]) -> Result<bool, ShmError> {
        let total = framed_bytes(message.len());
        if total > self.capacity as usize || (self.free(total)? as usize) < total {
            return Ok(false);
        }
        self.put_stream(message, 0, total);
        Ok(true)
    }

    /// Writes the part of a message that fits now. `sent` counts the bytes of the message's stream
    /// (header, payload, padding) written so far: 0 at first, then whatever the last call left.
    /// Returns whether the message is complete.
    ///
    /// One call writes at most a quarter of the ring, so that the consumer can begin early.
    ///
    /// # Errors
    ///
    /// [`ShmError::Corrupt`] when the consumer's position is impossible.
    pub fn push_part(&mut self, message: &[u8], sent: &mut usize) -> Result<bool, ShmError> {
        let total = framed_bytes(message.len());
        let chunk = (self.capacity / 4).max(MESSAGE_ALIGN) as usize;
        let want = (total - *sent).min(chunk);
        let bytes = want.min(self.free(want)? as usize);
        if bytes > 0 {
            self.put_stream(message, *sent, bytes);
            *sent += bytes;
        }
        Ok(*sent == total)
    }

    /// Whether at least one byte can be written.
    ///
    /// # Errors
    ///
    /// [`ShmError::Corrupt`] when the consumer's position is impossible.
    pub fn has_room(&mut self) -> Result<bool, ShmError> {
        Ok(self.free(1)? > 0)
    }

    /// Whether the consumer sleeps and must be woken; ask after each write.
    #[inline]
    #[must_use]
    pub fn must_wake(&self) -> bool {
        // SYNC: pairs with the fence in `Consumer::arm`: either the load below sees the flag set
        // there, or the consumer's look after its fence sees the head stored before this one.
        fence(SeqCst);
        // SYNC: ordered by the fence above; the flag carries no data.
        self.memory.header().reader_sleeps.value.load(Relaxed) != 0
    }

    /// Announces that this side is about to sleep until there is room. Look again after it.
    pub fn arm(&self) {
        // SYNC: ordered by the fence below; read by `Consumer::must_wake`.
        self.memory.header().writer_sleeps.value.store(1, Relaxed);
        // SYNC: pairs with the fence in `Consumer::must_wake`.
        fence(SeqCst);
    }

    /// Takes the announcement back.
    pub fn disarm(&self) {
        // SYNC: none needed; a consumer that still sees 1 sends one wake-up too many.
        self.memory.header().writer_sleeps.value.store(0, Relaxed);
    }

    /// Free bytes; the shared word is looked at only when fewer than `want` are known to be free.
    #[inline]
    fn free(&mut self, want: usize) -> Result<u32, ShmError> {
        let known = self.capacity - self.head.wrapping_sub(self.tail);
        if known as usize >= want {
            return Ok(known);
        }
        // SYNC: pairs with the Release store in `Consumer::give_back`: the consumer's reads of
        // these bytes happen before our writes over them.
        let tail = self.memory.header().tail.value.load(Acquire);
        let used = self.head.wrapping_sub(tail);
        if used > self.capacity {
            return Err(ShmError::Corrupt(
                "the reader's position is outside the ring",
            ));
        }
        if !tail.is_multiple_of(MESSAGE_ALIGN) {
            return Err(ShmError::Corrupt("the reader's position is not aligned"));
        }
        self.tail = tail;
        Ok(self.capacity - used)
    }

    /// Writes `bytes` bytes of the message's stream from `from` on, and publishes them. Both are
    /// multiples of 8, and that many bytes are free.
    #[inline]
    fn put_stream(&mut self, message: &[u8], from: usize, bytes: usize) {
        let header_bytes = MESSAGE_HEADER_BYTES as usize;
        let end = from + bytes;
        let mut position = self.head;
        if from == 0 {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "callers limit messages to 2^30"
            )]
            let length = u64::from(message.len() as u32);
            position = self.put(position, &length.to_le_bytes());
        }
        let first = from.max(header_bytes) - header_bytes;
        let last = (end - header_bytes).min(message.len());
        if first < last {
            position = self.put(position, &message[first..last]);
        }
        let padding = self
            .head
            .wrapping_add(low_u32(bytes))
            .wrapping_sub(position);
        if padding > 0 {
            position = self.put(position, &[0; MESSAGE_ALIGN as usize][..padding as usize]);
        }
        self.head = position;
        // SYNC: pairs with the Acquire load in `Consumer::refresh`: the bytes are visible to a
        // consumer that sees this head.
        self.memory.header().head.value.store(position, Release);
    }

    /// Copies `bytes` to `position`, in two parts where the ring ends; returns the position after.
    #[inline]
    fn put(&self, position: u32, bytes: &[u8]) -> u32 {
        let offset = position & (self.capacity - 1);
        let (first, second) = bytes.split_at(bytes.len().min((self.capacity - offset) as usize));
        // SAFETY: `first` ends at the latest where the ring does; the range is free and ours.
        unsafe { self.memory.write(offset, first) };
        if !second.is_empty() {
            // SAFETY: `second` is shorter than the ring because `bytes` fits into its free part.
            unsafe { self.memory.write(0, second) };
        }
        position.wrapping_add(low_u32(bytes.len()))
    }
}
