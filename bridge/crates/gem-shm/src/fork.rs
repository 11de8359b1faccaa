//! What a forked child must not touch: the mapping, the descriptors and the accept thread of its
//! parent. A fork handler counts forks and closes the child's copies of the descriptors, because an
//! inherited copy would hide the parent's death from the peer.

use std::io;
use std::mem::ManuallyDrop;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, IntoRawFd, OwnedFd, RawFd};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI32, AtomicU32, Ordering::Relaxed};

/// Descriptors that are closed in a child; more than these are merely inherited.
const SLOTS: usize = 4096;
const FREE: RawFd = -1;

static FORKS: AtomicU32 = AtomicU32::new(0);
static DESCRIPTORS: [AtomicI32; SLOTS] = [const { AtomicI32::new(FREE) }; SLOTS];
static HANDLER: OnceLock<i32> = OnceLock::new();

/// Runs in the child, in its only thread, before fork returns: async-signal-safe calls only.
extern "C" fn in_child() {
    // SYNC: none needed; the child has one thread, and later threads start after this.
    FORKS.fetch_add(1, Relaxed);
    for slot in &DESCRIPTORS {
        // SYNC: none needed, as above.
        let fd = slot.swap(FREE, Relaxed);
        if fd != FREE {
            // SAFETY: the number is the child's copy of a descriptor of `ForkFd`, whose owner never
            // closes it in a child.
            unsafe { libc::close(fd) };
        }
    }
}

/// The generation of processes this code runs in; values of an older one belong to a parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Generation(u32);

impl Generation {
    /// The present generation; makes sure that forks are counted from now on.
    pub(crate) fn current() -> io::Result<Self> {
        let code = *HANDLER.get_or_init(|| {
            // SAFETY: the handler is a function of this library, which the C library forgets when
            // it unloads the library, and obeys the rules for code after a fork.
            unsafe { libc::pthread_atfork(None, None, Some(in_child)) }
        });
        if code == 0 {
            // SYNC: none needed; the count changes only in a child's first thread.
            Ok(Self(FORKS.load(Relaxed)))
        } else {
            Err(io::Error::from_raw_os_error(code))
        }
    }

    /// Whether this process is not the one that made the value.
    #[inline]
    pub(crate) fn is_past(self) -> bool {
        // SYNC: none needed, as above.
        FORKS.load(Relaxed) != self.0
    }
}

/// A descriptor that a forked child closes at once and whose value is dead there.
#[derive(Debug)]
pub(crate) struct ForkFd {
    fd: ManuallyDrop<OwnedFd>,
    slot: Option<usize>,
    generation: Generation,
}

impl ForkFd {
    /// Takes the descriptor over.
    pub(crate) fn new(fd: OwnedFd) -> io::Result<Self> {
        let generation = Generation::current()?;
        let number = fd.as_raw_fd();
        // SYNC: none needed; a slot's value is complete in itself.
        let slot = DESCRIPTORS.iter().position(|slot| {
            slot.compare_exchange(FREE, number, Relaxed, Relaxed)
                .is_ok()
        });
        Ok(Self {
            fd: ManuallyDrop::new(fd),
            slot,
            generation,
        })
    }

    /// Whether this process is not the one that owns the descriptor.
    pub(crate) fn is_past(&self) -> bool {
        self.generation.is_past()
    }
}

impl Drop for ForkFd {
    fn drop(&mut self) {
        // SAFETY: the field is not used again; this is the drop of its owner.
        let fd = unsafe { ManuallyDrop::take(&mut self.fd) };
        if self.generation.is_past() {
            // The handler closed it; the number may be another file's by now.
            let _ = fd.into_raw_fd();
            return;
        }
        if let Some(slot) = self.slot {
            // Before the close, so that a fork in between never closes a reused number.
            // SYNC: none needed, as in `new`.
            DESCRIPTORS[slot].store(FREE, Relaxed);
        }
        drop(fd);
    }
}

impl AsFd for ForkFd {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

impl AsRawFd for ForkFd {
    fn as_raw_fd(&self) -> RawFd {
        self.fd.as_raw_fd()
    }
}
