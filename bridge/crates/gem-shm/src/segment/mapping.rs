//! A segment's bytes in this process.

use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::ptr::NonNull;
use std::sync::Arc;

use crate::fork::Generation;
use crate::layout::{RingHeader, SegmentHeader};
use crate::ring::Memory;

/// One mapping of a segment; unmapped by the last of its owners.
#[derive(Debug)]
pub(super) struct Mapping {
    start: NonNull<u8>,
    length: usize,
    generation: Generation,
}

// SAFETY: the memory belongs to no thread; who may touch which bytes is the rings' business.
unsafe impl Send for Mapping {}
// SAFETY: as above; through a shared reference only atomics are reached without `unsafe`.
unsafe impl Sync for Mapping {}

impl Mapping {
    pub(super) fn new(fd: BorrowedFd<'_>, length: usize) -> io::Result<Self> {
        let generation = Generation::current()?;
        // SAFETY: a new mapping at an address that the system chooses disturbs no other.
        let start = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                length,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_SHARED,
                fd.as_raw_fd(),
                0,
            )
        };
        if start == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        let Some(start) = NonNull::new(start.cast()) else {
            return Err(io::ErrorKind::AddrNotAvailable.into());
        };
        let mapping = Self {
            start,
            length,
            generation,
        };
        #[cfg(target_os = "linux")]
        // SAFETY: the range is the mapping made above; a forked child will not have it.
        crate::sys::check(unsafe {
            libc::madvise(start.as_ptr().cast(), length, libc::MADV_DONTFORK)
        })?;
        Ok(mapping)
    }

    pub(super) fn header(&self) -> *mut SegmentHeader {
        self.start.as_ptr().cast()
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // A child does not have the mapping; the addresses may be another one's there.
        if !self.generation.is_past() {
            // SAFETY: the range is this mapping's, and its last owner is being dropped.
            unsafe { libc::munmap(self.start.as_ptr().cast(), self.length) };
        }
    }
}

/// One ring of a mapped segment.
#[derive(Debug)]
pub struct SharedRing {
    pub(super) mapping: Arc<Mapping>,
    pub(super) header_at: usize,
    pub(super) data_at: usize,
    pub(super) capacity: u32,
}

impl SharedRing {
    /// Address of a byte of the ring. Never a reference: the peer may write at any time.
    #[inline]
    fn byte(&self, offset: u32) -> *mut u8 {
        // SAFETY: `data_at + offset` is at most `data_at + capacity`, inside the mapping.
        unsafe {
            self.mapping
                .start
                .as_ptr()
                .add(self.data_at + offset as usize)
        }
    }
}

// SAFETY: both numbers are fixed at construction, from a checked layout; `write` and `read` copy
// exactly the bytes asked for.
unsafe impl Memory for SharedRing {
    #[inline]
    fn header(&self) -> &RingHeader {
        // SAFETY: `header_at` is the offset of a ring's header inside the mapping's first page.
        let header = unsafe { self.mapping.start.as_ptr().add(self.header_at) };
        #[expect(
            clippy::cast_ptr_alignment,
            reason = "a page and a multiple of 128: see the assertions in `layout`"
        )]
        let header = header.cast::<RingHeader>();
        // SAFETY: the header is aligned, lives as long as the mapping, and consists of atomics
        // only, which a peer may change under a shared reference.
        unsafe { &*header }
    }

    #[inline]
    fn capacity(&self) -> u32 {
        self.capacity
    }

    #[inline]
    unsafe fn write(&self, offset: u32, bytes: &[u8]) {
        let to = self.byte(offset);
        // SAFETY: the caller keeps the range inside the ring; private memory never overlaps it.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), to, bytes.len()) };
    }

    #[inline]
    unsafe fn read(&self, offset: u32, target: &mut [MaybeUninit<u8>]) {
        let from = self.byte(offset).cast_const().cast();
        // SAFETY: the caller keeps the range inside the ring; private memory never overlaps it.
        unsafe { std::ptr::copy_nonoverlapping(from, target.as_mut_ptr(), target.len()) };
    }
}
