//! Creating, checking and mapping a segment.

use std::fs::File;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::sync::Arc;

use crate::error::ShmError;
use crate::layout::{HEADER_BYTES, MAGIC, SegmentHeader, VERSION, is_capacity, segment_bytes};
use crate::ring::{Consumer, Producer};

mod backing;
mod mapping;

use backing::{is_sealed, memfd, nameless_file};
use mapping::Mapping;
pub use mapping::SharedRing;

/// Where a new segment's memory comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Backing {
    /// A memfd; a file where there is no memfd.
    #[default]
    Auto,
    /// A memfd sealed against changes of its size (Linux).
    Memfd,
    /// A file in the temp folder that has no name any more when it is first used.
    File,
}

/// What [`Segment::create`] makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SegmentOptions {
    /// Capacity of the request ring in bytes: a power of two from 4 KiB to 1 GiB.
    pub request_bytes: u32,
    /// Capacity of the response ring in bytes: a power of two from 4 KiB to 1 GiB.
    pub response_bytes: u32,
    /// Where the memory comes from.
    pub backing: Backing,
}

/// A mapped segment, before its rings are handed out.
#[derive(Debug)]
pub struct Segment {
    mapping: Arc<Mapping>,
    fd: OwnedFd,
    request_bytes: u32,
    response_bytes: u32,
}

impl Segment {
    /// Creates and maps a segment of zeroed rings. Pages get memory when they are first touched
    /// (a file's at once, so that a full disk is an error here rather than a signal later).
    ///
    /// # Errors
    ///
    /// [`ShmError::Invalid`] for a capacity outside its range, [`ShmError::Unsupported`] for a
    /// backing that this platform lacks, [`ShmError::Io`] when the system gives no memory.
    pub fn create(options: &SegmentOptions) -> Result<Self, ShmError> {
        let (request, response) = (options.request_bytes, options.response_bytes);
        for capacity in [request, response] {
            if !is_capacity(capacity) {
                return Err(ShmError::Invalid(format!(
                    "A ring's capacity must be a power of two from 4096 to 1073741824 bytes, got {capacity}."
                )));
            }
        }
        let size = segment_bytes(request, response) as u64;
        let fd = match options.backing {
            Backing::Memfd => memfd(size)?,
            Backing::File => nameless_file(size)?,
            Backing::Auto => memfd(size).or_else(|_| nameless_file(size))?,
        };
        let segment = Self::map(fd, request, response)?;
        let header = segment.mapping.header();
        let value = Plain {
            magic: MAGIC,
            version: VERSION,
            header_bytes: u32::try_from(HEADER_BYTES).unwrap_or(u32::MAX),
            request_bytes: request,
            response_bytes: response,
            pid: std::process::id(),
        };
        // SAFETY: the header's plain fields lie at the start of the mapping, aligned to a page, and
        // no reference to them exists.
        unsafe { header.cast::<Plain>().write_volatile(value) };
        Ok(segment)
    }

    /// Maps a segment that a peer created, after checking it: the exact size, that it cannot shrink
    /// (seals; or a nameless file of this user, who could kill this process anyway), and a header
    /// that agrees with the announced capacities.
    ///
    /// # Errors
    ///
    /// [`ShmError::Corrupt`] when a check fails, [`ShmError::Io`] when it cannot be mapped.
    pub fn from_fd(fd: OwnedFd, request_bytes: u32, response_bytes: u32) -> Result<Self, ShmError> {
        if !is_capacity(request_bytes) || !is_capacity(response_bytes) {
            return Err(ShmError::Corrupt("a ring's capacity is outside its range"));
        }
        let file = File::from(fd);
        let facts = file
            .metadata()
            .map_err(ShmError::io("Examining the segment"))?;
        if !facts.is_file() || facts.len() != segment_bytes(request_bytes, response_bytes) as u64 {
            return Err(ShmError::Corrupt("the segment has the wrong size"));
        }
        // SAFETY: geteuid touches no memory and cannot fail.
        let user = unsafe { libc::geteuid() };
        let is_own_nameless = facts.nlink() == 0 && facts.uid() == user;
        if !is_sealed(file.as_fd()) && !is_own_nameless {
            return Err(ShmError::Corrupt("the segment could shrink"));
        }
        let segment = Self::map(file.into(), request_bytes, response_bytes)?;
        // SAFETY: as in `create`; the copy is made once and only the copy is looked at.
        let plain = unsafe { segment.mapping.header().cast::<Plain>().read_volatile() };
        let is_ours = plain.magic == MAGIC
            && plain.version == VERSION
            && plain.header_bytes as usize == HEADER_BYTES
            && plain.request_bytes == request_bytes
            && plain.response_bytes == response_bytes;
        if is_ours {
            Ok(segment)
        } else {
            Err(ShmError::Corrupt(
                "the segment's header is not the announced one",
            ))
        }
    }

    /// The client's ends: the producer of requests and the consumer of responses of at most
    /// `max_message` bytes. The descriptor is closed; the mapping lives as long as the ends.
    #[must_use]
    pub fn into_client_ends(
        self,
        max_message: u32,
    ) -> (Producer<SharedRing>, Consumer<SharedRing>) {
        let (request, response) = self.into_rings();
        (
            Producer::new(request, 0),
            Consumer::new(response, 0, max_message),
        )
    }

    /// The server's ends: the producer of responses and the consumer of requests of at most
    /// `max_message` bytes. The descriptor is closed; the mapping lives as long as the ends.
    #[must_use]
    pub fn into_server_ends(
        self,
        max_message: u32,
    ) -> (Producer<SharedRing>, Consumer<SharedRing>) {
        let (request, response) = self.into_rings();
        (
            Producer::new(response, 0),
            Consumer::new(request, 0, max_message),
        )
    }

    fn into_rings(self) -> (SharedRing, SharedRing) {
        let request_data = HEADER_BYTES;
        let response_data = request_data + self.request_bytes as usize;
        let request = SharedRing {
            header_at: std::mem::offset_of!(SegmentHeader, request),
            data_at: request_data,
            capacity: self.request_bytes,
            mapping: Arc::clone(&self.mapping),
        };
        let response = SharedRing {
            header_at: std::mem::offset_of!(SegmentHeader, response),
            data_at: response_data,
            capacity: self.response_bytes,
            mapping: self.mapping,
        };
        (request, response)
    }

    fn map(fd: OwnedFd, request_bytes: u32, response_bytes: u32) -> Result<Self, ShmError> {
        let length = segment_bytes(request_bytes, response_bytes);
        let mapping =
            Mapping::new(fd.as_fd(), length).map_err(ShmError::io("Mapping the segment"))?;
        Ok(Self {
            mapping: Arc::new(mapping),
            fd,
            request_bytes,
            response_bytes,
        })
    }
}

impl AsFd for Segment {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

/// The plain fields of `SegmentHeader`, to be copied as a whole.
#[repr(C)]
#[derive(Clone, Copy)]
struct Plain {
    magic: u64,
    version: u32,
    header_bytes: u32,
    request_bytes: u32,
    response_bytes: u32,
    pid: u32,
}

const _: () = assert!(
    std::mem::offset_of!(Plain, pid) == std::mem::offset_of!(SegmentHeader, pid)
        && std::mem::offset_of!(Plain, request_bytes)
            == std::mem::offset_of!(SegmentHeader, request_bytes)
);
