//! Messages on their way into a ring; what does not fit waits here, so that the writer need not.

use std::collections::VecDeque;

use crate::error::ShmError;
use crate::ring::{Memory, Producer};

/// The writing end of one direction of a connection for a side that never waits.
#[derive(Debug)]
pub struct Outbox<M> {
    producer: Producer<M>,
    waiting: VecDeque<Vec<u8>>,
    /// Bytes of the first waiting message's stream that are already in the ring.
    sent: usize,
    waiting_bytes: usize,
    wrote: bool,
}

impl<M: Memory> Outbox<M> {
    /// An outbox over `producer`.
    pub fn new(producer: Producer<M>) -> Self {
        Self {
            producer,
            waiting: VecDeque::new(),
            sent: 0,
            waiting_bytes: 0,
            wrote: false,
        }
    }

    /// Writes `message` as far as it fits and keeps a copy if something is left.
    /// Ask [`Outbox::must_wake`] afterwards.
    ///
    /// # Errors
    ///
    /// [`ShmError::Corrupt`] when the consumer's position is impossible.
    #[inline]
    pub fn push(&mut self, message: &[u8]) -> Result<(), ShmError> {
        if self.flush()? && self.producer.try_push(message)? {
            self.wrote = true;
            return Ok(());
        }
        self.push_slow(message)
    }

    /// Goes on writing what waits; whether nothing waits any more.
    /// Ask [`Outbox::must_wake`] afterwards.
    ///
    /// # Errors
    ///
    /// [`ShmError::Corrupt`] when the consumer's position is impossible.
    #[inline]
    pub fn flush(&mut self) -> Result<bool, ShmError> {
        while let Some(message) = self.waiting.front() {
            let before = self.sent;
            let done = self.producer.push_part(message, &mut self.sent)?;
            self.wrote |= self.sent > before;
            if done {
                self.waiting_bytes -= message.len();
                self.sent = 0;
                self.waiting.pop_front();
            } else if self.sent == before {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Bytes of payload of all messages that are not completely written.
    #[must_use]
    pub fn waiting_bytes(&self) -> usize {
        self.waiting_bytes
    }

    /// Whether nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Whether something was written since the last call to a consumer that sleeps.
    #[inline]
    #[must_use]
    pub fn must_wake(&mut self) -> bool {
        std::mem::take(&mut self.wrote) && self.producer.must_wake()
    }

    /// Announces that this side is about to sleep until there is room. Flush again after it.
    pub fn arm(&self) {
        self.producer.arm();
    }

    /// Takes the announcement back.
    pub fn disarm(&self) {
        self.producer.disarm();
    }

    #[cold]
    fn push_slow(&mut self, message: &[u8]) -> Result<(), ShmError> {
        self.waiting_bytes += message.len();
        self.waiting.push_back(message.to_vec());
        self.flush()?;
        Ok(())
    }
}
