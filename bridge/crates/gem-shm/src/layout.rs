//! The shared-memory segment, byte by byte. Change anything here and [`VERSION`] goes up.
//!
//! ```text
//! 0                 SegmentHeader (padded to 4096 bytes)
//! 4096              request ring, `request_bytes` long   (client writes, server reads)
//! 4096 + request    response ring, `response_bytes` long (server writes, client reads)
//! ```
//!
//! A ring is a byte stream. A message on it is an 8-byte header (payload length as u32, then a
//! zero u32, both little-endian), the payload, and zero bytes up to a multiple of 8. Positions
//! count bytes, wrap at 2^32 and are always multiples of 8, so a message header never wraps.

use crate::sync::AtomicU32;

/// First eight bytes of a segment and of each handshake packet: `gem-shm` and a zero byte.
pub const MAGIC: u64 = u64::from_le_bytes(*b"gem-shm\0");

/// Version of the layout and of the handshake; both sides must have the same.
pub const VERSION: u32 = 1;

/// Bytes before the request ring.
pub const HEADER_BYTES: usize = 4096;

/// Smallest capacity of a ring in a segment, in bytes.
pub const MIN_CAPACITY: u32 = 4096;

/// Largest capacity of a ring in a segment, in bytes.
pub const MAX_CAPACITY: u32 = 1 << 30;

/// Default capacity of the request ring, in bytes.
pub const DEFAULT_REQUEST_BYTES: u32 = 256 << 10;

/// Default capacity of the response ring, in bytes.
pub const DEFAULT_RESPONSE_BYTES: u32 = 1 << 20;

/// Default limit of a message's payload, in bytes.
pub const DEFAULT_MAX_MESSAGE: u32 = 64 << 20;

/// Largest limit of a message's payload that may be configured, in bytes.
pub const LARGEST_MESSAGE: u32 = 1 << 30;

/// Bytes of a message's header on the stream.
pub const MESSAGE_HEADER_BYTES: u32 = 8;

/// Every message starts at a multiple of this many bytes.
pub const MESSAGE_ALIGN: u32 = 8;

/// One word on cache lines of its own: 128 bytes, because neighbouring lines are fetched in pairs.
#[repr(C, align(128))]
#[derive(Debug)]
pub struct Line {
    /// The word.
    pub value: AtomicU32,
}

impl Line {
    fn new(value: u32) -> Self {
        Self {
            value: AtomicU32::new(value),
        }
    }
}

/// The shared words of one ring.
#[repr(C)]
#[derive(Debug)]
pub struct RingHeader {
    /// Position after the last published byte; only the producer writes it.
    pub head: Line,
    /// Position after the last consumed byte; only the consumer writes it.
    pub tail: Line,
    /// 1 while the consumer sleeps or is about to; only the consumer writes it.
    pub reader_sleeps: Line,
    /// 1 while the producer sleeps or is about to; only the producer writes it.
    pub writer_sleeps: Line,
}

impl RingHeader {
    /// An empty ring whose stream starts at `position` (0 in a segment; a multiple of 8).
    #[must_use]
    pub fn starting_at(position: u32) -> Self {
        Self {
            head: Line::new(position),
            tail: Line::new(position),
            reader_sleeps: Line::new(0),
            writer_sleeps: Line::new(0),
        }
    }
}

/// The first bytes of a segment. The plain fields are written once, by the client, before the
/// segment is handed over; nothing is trusted because of them.
#[repr(C)]
#[derive(Debug)]
pub struct SegmentHeader {
    /// [`MAGIC`].
    pub magic: u64,
    /// [`VERSION`].
    pub version: u32,
    /// [`HEADER_BYTES`].
    pub header_bytes: u32,
    /// Capacity of the request ring in bytes: a power of two.
    pub request_bytes: u32,
    /// Capacity of the response ring in bytes: a power of two.
    pub response_bytes: u32,
    /// Process id of the client, for people who look at a dump.
    pub pid: u32,
    /// Words of the request ring.
    pub request: RingHeader,
    /// Words of the response ring.
    pub response: RingHeader,
}

/// Bytes that a message with `length` bytes of payload takes on the stream.
#[must_use]
pub const fn framed_bytes(length: usize) -> usize {
    MESSAGE_HEADER_BYTES as usize + length.next_multiple_of(MESSAGE_ALIGN as usize)
}

/// Whether `capacity` (in bytes) may be a ring's in a segment.
#[must_use]
pub const fn is_capacity(capacity: u32) -> bool {
    capacity.is_power_of_two() && capacity >= MIN_CAPACITY && capacity <= MAX_CAPACITY
}

/// Size of a whole segment in bytes.
#[must_use]
pub const fn segment_bytes(request_bytes: u32, response_bytes: u32) -> usize {
    HEADER_BYTES + request_bytes as usize + response_bytes as usize
}

#[cfg(not(loom))]
const _: () = {
    use std::mem::{align_of, offset_of, size_of};

    assert!(size_of::<Line>() == 128);
    assert!(size_of::<RingHeader>() == 512);
    assert!(offset_of!(RingHeader, head) == 0);
    assert!(offset_of!(RingHeader, tail) == 128);
    assert!(offset_of!(RingHeader, reader_sleeps) == 256);
    assert!(offset_of!(RingHeader, writer_sleeps) == 384);
    assert!(offset_of!(SegmentHeader, magic) == 0);
    assert!(offset_of!(SegmentHeader, version) == 8);
    assert!(offset_of!(SegmentHeader, header_bytes) == 12);
    assert!(offset_of!(SegmentHeader, request_bytes) == 16);
    assert!(offset_of!(SegmentHeader, response_bytes) == 20);
    assert!(offset_of!(SegmentHeader, pid) == 24);
    assert!(offset_of!(SegmentHeader, request) == 128);
    assert!(offset_of!(SegmentHeader, response) == 640);
    assert!(size_of::<SegmentHeader>() == 1152);
    assert!(size_of::<SegmentHeader>() <= HEADER_BYTES);
    // A mapping starts at a page, whose alignment is at least this.
    assert!(align_of::<SegmentHeader>() <= HEADER_BYTES);
};

// The words of the segment are little-endian; the offsets above assume that usize holds a u32.
const _: () = assert!(cfg!(target_endian = "little") && usize::BITS >= 32);
