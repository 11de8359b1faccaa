//! The messages of a ring one by one, whatever their size, without ever waiting.

use crate::error::ShmError;
use crate::ring::{Consumer, Memory};

/// First piece of memory for a message that arrives in parts, in bytes; it grows with what arrives,
/// never with what a peer merely announced.
const FIRST_PIECE: usize = 64 << 10;

/// The reading end of one direction of a connection. A message that lies whole in the ring is
/// copied once, straight to where it is wanted; one that arrives in parts is gathered here.
#[derive(Debug)]
pub struct Inbox<M> {
    consumer: Consumer<M>,
    gathered: Vec<u8>,
    ready: Option<Ready>,
    gave_back: bool,
}

#[derive(Debug, Clone, Copy)]
enum Ready {
    InRing(usize),
    Gathered,
}

impl<M: Memory> Inbox<M> {
    /// An inbox over `consumer`.
    pub fn new(consumer: Consumer<M>) -> Self {
        Self {
            consumer,
            gathered: Vec::new(),
            ready: None,
            gave_back: false,
        }
    }

    /// Takes in what has arrived; the length in bytes of the next message if it is whole.
    /// Ask [`Inbox::must_wake`] afterwards.
    ///
    /// # Errors
    ///
    /// [`ShmError::Corrupt`] when the producer broke the layout.
    #[inline]
    pub fn poll(&mut self) -> Result<Option<usize>, ShmError> {
        if self.ready.is_none() {
            self.ready = self.look()?;
        }
        Ok(self.length())
    }

    /// Length in bytes of the message that [`Inbox::poll`] found whole.
    #[must_use]
    pub fn length(&self) -> Option<usize> {
        match self.ready {
            Some(Ready::InRing(length)) => Some(length),
            Some(Ready::Gathered) => Some(self.gathered.len()),
            None => None,
        }
    }

    /// Whether a message is arriving in parts.
    #[inline]
    #[must_use]
    pub fn has_part(&self) -> bool {
        !self.gathered.is_empty()
    }

    /// Moves the whole message into the front of `target` and returns its length in bytes.
    /// Ask [`Inbox::must_wake`] afterwards.
    ///
    /// # Errors
    ///
    /// [`ShmError::Invalid`] when there is no whole message or `target` is shorter than it (the
    /// message stays); [`ShmError::Corrupt`] when the producer broke the layout.
    #[inline]
    pub fn take(&mut self, target: &mut [u8]) -> Result<usize, ShmError> {
        let length = self.length_for(target.len())?;
        let target = &mut target[..length];
        if let Some(Ready::InRing(_)) = self.ready.take() {
            self.read_whole(target)?;
        } else {
            target.copy_from_slice(&self.gathered);
            self.gathered = Vec::new();
        }
        Ok(length)
    }

    /// Like [`Inbox::take`], into memory of its own; a gathered message is not copied again.
    ///
    /// # Errors
    ///
    /// As [`Inbox::take`].
    pub fn take_vec(&mut self) -> Result<Vec<u8>, ShmError> {
        let length = self.length_for(usize::MAX)?;
        if let Some(Ready::Gathered) = self.ready {
            self.ready = None;
            return Ok(std::mem::take(&mut self.gathered));
        }
        let mut message = vec![0; length];
        self.take(&mut message)?;
        Ok(message)
    }

    /// Whether space was given back since the last call to a producer that sleeps.
    #[inline]
    #[must_use]
    pub fn must_wake(&mut self) -> bool {
        std::mem::take(&mut self.gave_back) && self.consumer.must_wake()
    }

    /// Announces that this side is about to sleep until something arrives. Poll again after it.
    pub fn arm(&self) {
        self.consumer.arm();
    }

    /// Takes the announcement back.
    pub fn disarm(&self) {
        self.consumer.disarm();
    }

    #[inline]
    fn look(&mut self) -> Result<Option<Ready>, ShmError> {
        let Some(frame) = self.consumer.frame()? else {
            return Ok(None);
        };
        let length = frame.length as usize;
        if frame.read == 0 && self.consumer.is_whole()? {
            return Ok(Some(Ready::InRing(length)));
        }
        self.gather(length)?;
        Ok((self.gathered.len() == length).then_some(Ready::Gathered))
    }

    /// Takes in the parts of a message of `length` bytes that have arrived.
    #[cold]
    fn gather(&mut self, length: usize) -> Result<(), ShmError> {
        loop {
            let left = length - self.gathered.len();
            // `read` takes multiples of 8 until the last bytes.
            if self.gathered.capacity() - self.gathered.len() < left.min(8) {
                let more = self.gathered.len().max(FIRST_PIECE).min(left);
                self.gathered
                    .try_reserve_exact(more.next_multiple_of(8))
                    .map_err(|_| ShmError::Corrupt("a message does not fit into memory"))?;
            }
            let room = self.gathered.spare_capacity_mut();
            let bytes = self.consumer.read(room)?;
            self.gave_back = true;
            if bytes == 0 {
                return Ok(());
            }
            let filled = self.gathered.len() + bytes;
            // SAFETY: `read` filled the first `bytes` bytes of the spare capacity.
            unsafe { self.gathered.set_len(filled) };
            if filled == length {
                return Ok(());
            }
        }
    }

    #[inline]
    fn read_whole(&mut self, target: &mut [u8]) -> Result<(), ShmError> {
        let place = std::ptr::from_mut(target) as *mut [std::mem::MaybeUninit<u8>];
        // SAFETY: the bytes are `target`'s, borrowed for this call; `read` only writes initialized
        // bytes to them.
        let target = unsafe { &mut *place };
        self.consumer.read(target)?;
        self.gave_back = true;
        Ok(())
    }

    #[inline]
    fn length_for(&self, room: usize) -> Result<usize, ShmError> {
        match self.length() {
            Some(length) if length <= room => Ok(length),
            Some(length) => Err(ShmError::Invalid(format!(
                "The buffer has {room} bytes, but the message has {length}."
            ))),
            None => Err(ShmError::Invalid(
                "There is no whole message to take.".into(),
            )),
        }
    }
}
