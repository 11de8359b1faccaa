//! A ring in the process's own memory, for tests, models and miri.

use std::mem::MaybeUninit;
use std::sync::Arc;

use crate::layout::RingHeader;
use crate::ring::Memory;

#[cfg(loom)]
use loom::cell::UnsafeCell;
#[cfg(not(loom))]
use std::cell::UnsafeCell;

/// A ring on the heap. Clones share it: give one to a [`crate::ring::Producer`] and one to a
/// [`crate::ring::Consumer`].
#[derive(Debug, Clone)]
pub struct HeapMemory {
    ring: Arc<HeapRing>,
}

#[derive(Debug)]
struct HeapRing {
    header: RingHeader,
    bytes: Box<[UnsafeCell<u8>]>,
}

// SAFETY: the cells are written and read under the ring's protocol only, one side at a time; loom
// and miri check exactly that.
unsafe impl Sync for HeapRing {}
// SAFETY: the memory belongs to no thread.
unsafe impl Send for HeapRing {}

impl HeapMemory {
    /// An empty ring of `capacity` bytes (a power of two from 8 to 2^30) whose stream starts at
    /// `position` (a multiple of 8).
    ///
    /// # Panics
    ///
    /// When one of the two is outside its range.
    #[must_use]
    pub fn new(capacity: u32, position: u32) -> Self {
        assert!(capacity.is_power_of_two() && (8..=1 << 30).contains(&capacity));
        assert!(position.is_multiple_of(8));
        let bytes = (0..capacity).map(|_| UnsafeCell::new(0)).collect();
        Self {
            ring: Arc::new(HeapRing {
                header: RingHeader::starting_at(position),
                bytes,
            }),
        }
    }

    /// The shared words, for tests that play a hostile peer.
    #[must_use]
    pub fn words(&self) -> &RingHeader {
        &self.ring.header
    }
}

// SAFETY: header and capacity never change; each copy touches exactly the cells asked for.
unsafe impl Memory for HeapMemory {
    fn header(&self) -> &RingHeader {
        &self.ring.header
    }

    fn capacity(&self) -> u32 {
        u32::try_from(self.ring.bytes.len()).unwrap_or(u32::MAX)
    }

    unsafe fn write(&self, offset: u32, bytes: &[u8]) {
        let cells = &self.ring.bytes[offset as usize..offset as usize + bytes.len()];
        for (cell, byte) in cells.iter().zip(bytes) {
            set(cell, *byte);
        }
    }

    unsafe fn read(&self, offset: u32, target: &mut [MaybeUninit<u8>]) {
        let cells = &self.ring.bytes[offset as usize..offset as usize + target.len()];
        for (cell, slot) in cells.iter().zip(target) {
            slot.write(get(cell));
        }
    }
}

#[cfg(not(loom))]
fn set(cell: &UnsafeCell<u8>, byte: u8) {
    // SAFETY: the caller of `Memory::write` owns the range.
    unsafe { *cell.get() = byte };
}

#[cfg(not(loom))]
fn get(cell: &UnsafeCell<u8>) -> u8 {
    // SAFETY: the caller of `Memory::read` owns the range.
    unsafe { *cell.get() }
}

#[cfg(loom)]
fn set(cell: &UnsafeCell<u8>, byte: u8) {
    // SAFETY: as above; loom reports it when the protocol is wrong.
    cell.with_mut(|place| unsafe { *place = byte });
}

#[cfg(loom)]
fn get(cell: &UnsafeCell<u8>) -> u8 {
    // SAFETY: as above; loom reports it when the protocol is wrong.
    cell.with(|place| unsafe { *place })
}
