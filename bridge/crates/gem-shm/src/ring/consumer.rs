//! The reading side of a ring.

use std::mem::MaybeUninit;

use crate::error::ShmError;
use crate::layout::{MESSAGE_ALIGN, MESSAGE_HEADER_BYTES};
use crate::ring::Memory;
use crate::sync::{Acquire, Relaxed, Release, SeqCst, fence};

/// A message that is being read: the length is read once, so a peer cannot change it later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// Bytes of payload.
    pub length: u32,
    /// Bytes of payload that were already read.
    pub read: u32,
}

impl Frame {
    /// Bytes still to come on the stream, padding included.
    fn remaining(self) -> u32 {
        self.length.next_multiple_of(MESSAGE_ALIGN) - self.read
    }
}

/// The reading side of a ring.
#[derive(Debug)]
pub struct Consumer<M> {
    memory: M,
    capacity: u32,
    max_message: u32,
    /// The producer's position when last looked at.
    head: u32,
    /// Where the next byte is read. The shared word is only an announcement, never read back.
    tail: u32,
    frame: Option<Frame>,
}

impl<M: Memory> Consumer<M> {
    /// The consumer of an empty ring whose stream starts at `position` (0 in a segment); payloads
    /// longer than `max_message` bytes are violations.
    pub fn new(memory: M, position: u32, max_message: u32) -> Self {
        let capacity = memory.capacity();
        Self {
            memory,
            capacity,
            max_message,
            head: position,
            tail: position,
            frame: None,
        }
    }

    /// The message that begins at the reading position, or `None` while nothing has arrived.
    ///
    /// # Errors
    ///
    /// [`ShmError::Corrupt`] when the producer's position or the message's header is impossible.
    #[inline]
    pub fn frame(&mut self) -> Result<Option<Frame>, ShmError> {
        if self.frame.is_none() && self.available(MESSAGE_HEADER_BYTES)? >= MESSAGE_HEADER_BYTES {
            let mut header = [MaybeUninit::uninit(); MESSAGE_HEADER_BYTES as usize];
            self.get(self.tail, &mut header);
            // SAFETY: `get` filled all eight bytes.
            let header = header.map(|byte| unsafe { byte.assume_init() });
            let word = u64::from_le_bytes(header);
            let length = u32::try_from(word)
                .map_err(|_| ShmError::Corrupt("a message's header has unknown bits"))?;
            if length > self.max_message {
                return Err(ShmError::Corrupt("a message is longer than the limit"));
            }
            self.tail = self.tail.wrapping_add(MESSAGE_HEADER_BYTES);
            self.frame = Some(Frame { length, read: 0 });
        }
        Ok(self.frame)
    }

    /// Whether all that remains of the current message is in the ring; `false` without a message.
    ///
    /// # Errors
    ///
    /// [`ShmError::Corrupt`] when the producer's position is impossible.
    #[inline]
    pub fn is_whole(&mut self) -> Result<bool, ShmError> {
        match self.frame {
            Some(frame) => Ok(self.available(frame.remaining())? >= frame.remaining()),
            None => Ok(false),
        }
    }

    /// Reads the next bytes of the current message's payload into `target`: as many as have
    /// arrived and fit, a multiple of 8 unless they are the last. Gives the space back to the
    /// producer and returns the number of bytes; at the end of the message `frame()` moves on.
    ///
    /// # Errors
    ///
    /// [`ShmError::Corrupt`] when the producer's position is impossible.
    #[inline]
    pub fn read(&mut self, target: &mut [MaybeUninit<u8>]) -> Result<usize, ShmError> {
        let Some(mut frame) = self.frame()? else {
            return Ok(0);
        };
        let arrived = self.available(frame.remaining())?;
        let left = frame.length - frame.read;
        let room = u32::try_from(target.len()).unwrap_or(u32::MAX);
        let mut bytes = left.min(arrived).min(room);
        if bytes < left {
            bytes -= bytes % MESSAGE_ALIGN;
        }
        self.get(self.tail, &mut target[..bytes as usize]);
        frame.read += bytes;
        self.tail = self
            .tail
            .wrapping_add(bytes.next_multiple_of(MESSAGE_ALIGN));
        self.frame = (frame.read < frame.length).then_some(frame);
        self.give_back();
        Ok(bytes as usize)
    }

    /// Whether the producer sleeps and must be woken; ask after each read.
    #[inline]
    #[must_use]
    pub fn must_wake(&self) -> bool {
        // SYNC: pairs with the fence in `Producer::arm`: either the load below sees the flag set
        // there, or the producer's look after its fence sees the tail stored before this one.
        fence(SeqCst);
        // SYNC: ordered by the fence above; the flag carries no data.
        self.memory.header().writer_sleeps.value.load(Relaxed) != 0
    }

    /// Announces that this side is about to sleep until something arrives. Look again after it.
    pub fn arm(&self) {
        // SYNC: ordered by the fence below; read by `Producer::must_wake`.
        self.memory.header().reader_sleeps.value.store(1, Relaxed);
        // SYNC: pairs with the fence in `Producer::must_wake`.
        fence(SeqCst);
    }

    /// Takes the announcement back.
    pub fn disarm(&self) {
        // SYNC: none needed; a producer that still sees 1 sends one wake-up too many.
        self.memory.header().reader_sleeps.value.store(0, Relaxed);
    }

    /// Bytes that have arrived; the shared word is looked at only when fewer than `want` are known.
    #[inline]
    fn available(&mut self, want: u32) -> Result<u32, ShmError> {
        let known = self.head.wrapping_sub(self.tail);
        if known >= want {
            return Ok(known);
        }
        self.refresh()
    }

    #[inline]
    fn refresh(&mut self) -> Result<u32, ShmError> {
        // SYNC: pairs with the Release store in `Producer::put_stream`: the bytes before this head
        // are visible to us.
        let head = self.memory.header().head.value.load(Acquire);
        let arrived = head.wrapping_sub(self.tail);
        if arrived > self.capacity {
            return Err(ShmError::Corrupt(
                "the writer's position is outside the ring",
            ));
        }
        if !head.is_multiple_of(MESSAGE_ALIGN) {
            return Err(ShmError::Corrupt("the writer's position is not aligned"));
        }
        self.head = head;
        Ok(arrived)
    }

    #[inline]
    fn give_back(&self) {
        // SYNC: pairs with the Acquire load in `Producer::free`: our reads of these bytes happen
        // before the producer writes over them.
        self.memory.header().tail.value.store(self.tail, Release);
    }

    /// Copies bytes from `position` on, in two parts where the ring ends.
    #[inline]
    fn get(&self, position: u32, target: &mut [MaybeUninit<u8>]) {
        let offset = position & (self.capacity - 1);
        let split = target.len().min((self.capacity - offset) as usize);
        let (first, second) = target.split_at_mut(split);
        // SAFETY: `first` ends at the latest where the ring does; the bytes were published to us.
        unsafe { self.memory.read(offset, first) };
        if !second.is_empty() {
            // SAFETY: `second` is shorter than the ring because the arrived bytes fit into it.
            unsafe { self.memory.read(0, second) };
        }
    }
}
