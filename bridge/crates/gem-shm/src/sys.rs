//! The system calls of the bridge that the standard library lacks, as safe functions.

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::time::Instant;

use crate::fork::ForkFd;

/// Turns a system call's -1 into the error it stands for.
pub(crate) fn check(result: libc::c_int) -> io::Result<libc::c_int> {
    if result < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(result)
    }
}

/// Like [`check`], for calls that return a byte count.
pub(crate) fn check_bytes(result: libc::ssize_t) -> io::Result<usize> {
    usize::try_from(result).map_err(|_| io::Error::last_os_error())
}

/// An entry for [`poll`] that asks for something to read or a hang-up.
pub(crate) fn readable(fd: &impl AsRawFd) -> libc::pollfd {
    #[cfg(target_os = "linux")]
    let events = libc::POLLIN | libc::POLLRDHUP;
    #[cfg(not(target_os = "linux"))]
    let events = libc::POLLIN;
    libc::pollfd {
        fd: fd.as_raw_fd(),
        events,
        revents: 0,
    }
}

/// Waits until an entry has news or `deadline` passes (then 0). Milliseconds are rounded up.
///
/// # Errors
///
/// `ErrorKind::Interrupted` when a signal arrived.
pub(crate) fn poll(entries: &mut [libc::pollfd], deadline: Option<Instant>) -> io::Result<usize> {
    let timeout = match deadline {
        None => -1,
        Some(deadline) => {
            let left = deadline.saturating_duration_since(Instant::now());
            let millis = left.as_nanos().div_ceil(1_000_000);
            // A cut wait returns 0 early; every caller looks at its own clock again.
            libc::c_int::try_from(millis).unwrap_or(libc::c_int::MAX)
        }
    };
    #[allow(
        clippy::cast_possible_truncation,
        reason = "no process has 2^32 descriptors; the type differs between platforms"
    )]
    let count = entries.len() as libc::nfds_t;
    // SAFETY: `entries` holds `count` initialized entries, borrowed mutably for the call.
    let result = unsafe { libc::poll(entries.as_mut_ptr(), count, timeout) };
    check(result).map(|ready| usize::try_from(ready).unwrap_or(0))
}

/// Makes reads and writes on the descriptor's open file return at once.
pub(crate) fn set_nonblocking(fd: &impl AsRawFd) -> io::Result<()> {
    // SAFETY: F_GETFL takes no argument and touches no memory.
    let flags = check(unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_GETFL) })?;
    // SAFETY: F_SETFL takes an int and touches no memory.
    check(unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_SETFL, flags | libc::O_NONBLOCK) })?;
    Ok(())
}

/// Makes the descriptor close itself in a process that is started by exec.
#[cfg(not(target_os = "linux"))]
pub(crate) fn set_close_on_exec(fd: &impl AsRawFd) -> io::Result<()> {
    // SAFETY: F_SETFD takes an int and touches no memory.
    check(unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_SETFD, libc::FD_CLOEXEC) })?;
    Ok(())
}

/// A pipe, reading end first; neither end ever waits.
pub(crate) fn pipe() -> io::Result<(ForkFd, ForkFd)> {
    let (reader, writer) = io::pipe()?;
    set_nonblocking(&reader)?;
    set_nonblocking(&writer)?;
    Ok((ForkFd::new(reader.into())?, ForkFd::new(writer.into())?))
}

/// Reads all that is in a pipe.
pub(crate) fn drain_pipe(pipe: BorrowedFd<'_>) {
    let mut bytes = [0u8; 512];
    loop {
        // SAFETY: the buffer lives for the call and has the length that is passed.
        let result =
            unsafe { libc::read(pipe.as_raw_fd(), bytes.as_mut_ptr().cast(), bytes.len()) };
        // Fewer bytes than asked for were the last ones.
        if check_bytes(result).is_ok_and(|count| count == bytes.len()) {
            continue;
        }
        return;
    }
}

/// Leaves all signals to the other threads.
pub(crate) fn block_signals() {
    // SAFETY: a signal set is plain data for which all zero bytes are a value.
    let mut all: libc::sigset_t = unsafe { std::mem::zeroed() };
    // SAFETY: `all` is ours to initialize.
    unsafe { libc::sigfillset(&raw mut all) };
    // SAFETY: `all` was initialized above; the old mask is not wanted.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const all, std::ptr::null_mut()) };
}

/// Writes one byte into a pipe without waiting and without ever raising SIGPIPE in this process,
/// whatever its disposition. A full pipe counts as success: its reader has a wake-up to find.
///
/// # Errors
///
/// `ErrorKind::BrokenPipe` when nobody can read the pipe any more.
pub(crate) fn ring_pipe(pipe: BorrowedFd<'_>) -> io::Result<()> {
    let mask = SigpipeMask::block()?;
    // SAFETY: the one byte lives for the call.
    let written = unsafe { libc::write(pipe.as_raw_fd(), [1u8].as_ptr().cast(), 1) };
    let result = match check_bytes(written) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(()),
        Err(error) => Err(error),
    };
    let broken = matches!(&result, Err(error) if error.kind() == io::ErrorKind::BrokenPipe);
    mask.restore(broken);
    result
}

/// SIGPIPE blocked in this thread for a moment.
struct SigpipeMask {
    before: libc::sigset_t,
    pipe: libc::sigset_t,
    was_pending: bool,
}

impl SigpipeMask {
    fn block() -> io::Result<Self> {
        // SAFETY: a signal set is plain data for which all zero bytes are a value.
        let empty: libc::sigset_t = unsafe { std::mem::zeroed() };
        let (mut pipe, mut before, mut pending) = (empty, empty, empty);
        // SAFETY: `pipe` is ours to initialize.
        check(unsafe { libc::sigemptyset(&raw mut pipe) })?;
        // SAFETY: `pipe` was initialized above.
        check(unsafe { libc::sigaddset(&raw mut pipe, libc::SIGPIPE) })?;
        // SAFETY: both sets live for the call.
        let code =
            unsafe { libc::pthread_sigmask(libc::SIG_BLOCK, &raw const pipe, &raw mut before) };
        if code != 0 {
            return Err(io::Error::from_raw_os_error(code));
        }
        // SAFETY: `pending` lives for the call.
        let known = unsafe { libc::sigpending(&raw mut pending) } == 0;
        // SAFETY: `pending` was initialized by sigpending, or is the empty set.
        let member = unsafe { libc::sigismember(&raw const pending, libc::SIGPIPE) };
        Ok(Self {
            before,
            pipe,
            was_pending: known && member == 1,
        })
    }

    /// Unblocks again; takes back the signal that a write into a broken pipe left pending.
    fn restore(self, broken: bool) {
        if broken && !self.was_pending {
            let mut signal = 0;
            // SAFETY: both values live for the call; the signal is pending, so it returns at once.
            unsafe { libc::sigwait(&raw const self.pipe, &raw mut signal) };
        }
        // SAFETY: `before` was filled by pthread_sigmask.
        unsafe {
            libc::pthread_sigmask(
                libc::SIG_SETMASK,
                &raw const self.before,
                std::ptr::null_mut(),
            )
        };
    }
}

#[cfg(all(test, not(miri)))]
mod tests {
    use std::os::fd::AsFd;

    use super::*;

    #[test]
    fn a_ring_without_a_hearer_is_an_error_and_no_signal() {
        // SAFETY: the default action of SIGPIPE ends the process: that is what must not happen.
        unsafe { libc::signal(libc::SIGPIPE, libc::SIG_DFL) };
        let (reader, writer) = pipe().unwrap();
        ring_pipe(writer.as_fd()).unwrap();
        drop(reader);
        for _ in 0..3 {
            let error = ring_pipe(writer.as_fd()).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
        }
    }

    #[test]
    fn a_full_pipe_is_as_good_as_a_ring() {
        let (reader, writer) = pipe().unwrap();
        for _ in 0..100_000 {
            ring_pipe(writer.as_fd()).unwrap();
        }
        drain_pipe(reader.as_fd());
        assert_eq!(
            poll(&mut [readable(&reader)], Some(Instant::now())).unwrap(),
            0
        );
    }
}
