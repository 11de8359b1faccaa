//! Where a segment's memory comes from.

use std::fs::{File, OpenOptions};
use std::hash::{BuildHasher, RandomState};
use std::io;
#[cfg(target_os = "linux")]
use std::os::fd::AsRawFd;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::os::unix::fs::OpenOptionsExt;

use crate::error::ShmError;
#[cfg(target_os = "linux")]
use crate::sys::check;

#[cfg(target_os = "linux")]
pub(super) fn memfd(size: u64) -> Result<OwnedFd, ShmError> {
    use std::os::fd::FromRawFd;

    let flags = libc::MFD_CLOEXEC | libc::MFD_ALLOW_SEALING;
    // SAFETY: the name is a string with a terminator that lives for the call.
    let number = check(unsafe { libc::memfd_create(c"gem-shm".as_ptr(), flags) })
        .map_err(ShmError::io("Creating shared memory"))?;
    // SAFETY: the system call returned the number just now, and nobody else has it.
    let file = File::from(unsafe { OwnedFd::from_raw_fd(number) });
    file.set_len(size)
        .map_err(ShmError::io("Sizing shared memory"))?;
    let seals = libc::F_SEAL_SHRINK | libc::F_SEAL_GROW | libc::F_SEAL_SEAL;
    // SAFETY: F_ADD_SEALS takes an int and touches no memory.
    check(unsafe { libc::fcntl(file.as_raw_fd(), libc::F_ADD_SEALS, seals) })
        .map_err(ShmError::io("Sealing shared memory"))?;
    Ok(file.into())
}

#[cfg(not(target_os = "linux"))]
pub(super) fn memfd(_size: u64) -> Result<OwnedFd, ShmError> {
    Err(ShmError::Unsupported("this platform has no memfd"))
}

#[cfg(target_os = "linux")]
pub(super) fn is_sealed(fd: BorrowedFd<'_>) -> bool {
    // SAFETY: F_GET_SEALS takes no argument and touches no memory.
    let seals = unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_GET_SEALS) };
    let wanted = libc::F_SEAL_SHRINK | libc::F_SEAL_GROW;
    seals >= 0 && seals & wanted == wanted
}

#[cfg(not(target_os = "linux"))]
pub(super) fn is_sealed(_fd: BorrowedFd<'_>) -> bool {
    false
}

/// A file of `size` bytes, for this user only, whose name is gone before it is used.
pub(super) fn nameless_file(size: u64) -> Result<OwnedFd, ShmError> {
    let context = "Creating a file for shared memory";
    let path = std::env::temp_dir().join(format!(
        "gem-shm-{}-{:016x}",
        std::process::id(),
        RandomState::new().hash_one(0u8)
    ));
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&path)
        .map_err(ShmError::io(context))?;
    std::fs::remove_file(&path).map_err(ShmError::io(context))?;
    allocate(&file, size).map_err(ShmError::io(context))?;
    Ok(file.into())
}

/// Gives the file its size and its blocks: a page without a block would be a signal when touched.
#[cfg(target_os = "linux")]
fn allocate(file: &File, size: u64) -> io::Result<()> {
    let size =
        libc::off_t::try_from(size).map_err(|_| io::Error::from(io::ErrorKind::FileTooLarge))?;
    // SAFETY: posix_fallocate touches no memory.
    match unsafe { libc::posix_fallocate(file.as_raw_fd(), 0, size) } {
        0 => Ok(()),
        code => Err(io::Error::from_raw_os_error(code)),
    }
}

#[cfg(not(target_os = "linux"))]
fn allocate(mut file: &File, size: u64) -> io::Result<()> {
    io::copy(&mut io::Read::take(io::repeat(0), size), &mut file).map(|_| ())
}
