//! A peer that need not keep to the protocol: packets and descriptors by hand.

use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};

use gem_shm::layout::{MAGIC, VERSION};

use super::TOKEN;

fn check(result: libc::c_int) -> libc::c_int {
    assert!(result >= 0, "{}", io::Error::last_os_error());
    result
}

fn own(fd: RawFd) -> OwnedFd {
    // SAFETY: the system call returned the number just now, and nobody else has it.
    unsafe { OwnedFd::from_raw_fd(check(fd)) }
}

fn address(path: &str) -> libc::sockaddr_un {
    // SAFETY: a socket address is plain data for which all zero bytes are a value.
    let mut address: libc::sockaddr_un = unsafe { std::mem::zeroed() };
    address.sun_family = 1;
    for (to, from) in address.sun_path.iter_mut().zip(path.bytes()) {
        *to = from.cast_signed();
    }
    address
}

fn packet_socket() -> OwnedFd {
    let kind = libc::SOCK_SEQPACKET | libc::SOCK_CLOEXEC;
    // SAFETY: socket touches no memory.
    own(unsafe { libc::socket(libc::AF_UNIX, kind, 0) })
}

const ADDRESS_BYTES: libc::socklen_t = 110;

/// A connected socket.
pub fn connect(path: &str) -> OwnedFd {
    let socket = packet_socket();
    let address = address(path);
    // SAFETY: the address lives for the call and has the length that is passed.
    check(unsafe {
        libc::connect(
            socket.as_raw_fd(),
            (&raw const address).cast(),
            ADDRESS_BYTES,
        )
    });
    socket
}

/// A listening socket.
pub fn listen(path: &str) -> OwnedFd {
    let socket = packet_socket();
    let address = address(path);
    // SAFETY: the address lives for the call and has the length that is passed.
    check(unsafe {
        libc::bind(
            socket.as_raw_fd(),
            (&raw const address).cast(),
            ADDRESS_BYTES,
        )
    });
    // SAFETY: listen touches no memory.
    check(unsafe { libc::listen(socket.as_raw_fd(), 8) });
    socket
}

/// The next connection.
pub fn accept(listener: &OwnedFd) -> OwnedFd {
    // SAFETY: null pointers mean that the peer's address is not wanted.
    own(unsafe {
        libc::accept(
            listener.as_raw_fd(),
            std::ptr::null_mut(),
            std::ptr::null_mut(),
        )
    })
}

/// Sends one packet with any number (up to 8) of descriptors.
pub fn send(socket: &OwnedFd, bytes: &[u8], descriptors: &[RawFd]) {
    let mut part = libc::iovec {
        iov_base: bytes.as_ptr().cast_mut().cast(),
        iov_len: bytes.len(),
    };
    // A control message: length, level and type, then the descriptors.
    let mut control = [0u8; 48];
    let length = 16 + 4 * descriptors.len();
    control[0..8].copy_from_slice(&length.to_le_bytes());
    control[8..12].copy_from_slice(&libc::SOL_SOCKET.to_le_bytes());
    control[12..16].copy_from_slice(&libc::SCM_RIGHTS.to_le_bytes());
    for (place, descriptor) in control[16..].chunks_exact_mut(4).zip(descriptors) {
        place.copy_from_slice(&descriptor.to_le_bytes());
    }
    // SAFETY: a message header is plain data for which all zero bytes are a value.
    let mut message: libc::msghdr = unsafe { std::mem::zeroed() };
    message.msg_iov = &raw mut part;
    message.msg_iovlen = 1;
    if !descriptors.is_empty() {
        message.msg_control = control.as_mut_ptr().cast();
        message.msg_controllen = length;
    }
    // SAFETY: the message points at values that live for the call.
    let sent = unsafe { libc::sendmsg(socket.as_raw_fd(), &raw const message, 0) };
    assert_eq!(sent, bytes.len().cast_signed());
}

/// The next packet, without its descriptors; empty at a hang-up.
pub fn receive(socket: &OwnedFd) -> Vec<u8> {
    let mut bytes = [0u8; 256];
    // SAFETY: the buffer lives for the call and has the length that is passed.
    let count = unsafe {
        libc::recv(
            socket.as_raw_fd(),
            bytes.as_mut_ptr().cast(),
            bytes.len(),
            0,
        )
    };
    // A peer that closed with unread packets resets the connection.
    bytes[..usize::try_from(count).unwrap_or(0)].to_vec()
}

/// The code of an answer packet (0: accepted).
pub fn code(answer: &[u8]) -> u32 {
    u32::from_le_bytes(answer[16..20].try_into().unwrap())
}

/// A greeting that is right in everything.
pub fn hello(request: u32, response: u32) -> [u8; 64] {
    let mut packet = [0; 64];
    packet[0..8].copy_from_slice(&MAGIC.to_le_bytes());
    packet[8..12].copy_from_slice(&VERSION.to_le_bytes());
    packet[16..32].copy_from_slice(&TOKEN);
    packet[32..36].copy_from_slice(&request.to_le_bytes());
    packet[36..40].copy_from_slice(&response.to_le_bytes());
    packet[40..44].copy_from_slice(&4096u32.to_le_bytes());
    packet
}

/// The head of a segment that is right in everything.
pub fn header(request: u32, response: u32) -> Vec<u8> {
    let mut bytes = MAGIC.to_le_bytes().to_vec();
    for word in [VERSION, 4096, request, response] {
        bytes.extend_from_slice(&word.to_le_bytes());
    }
    bytes
}

/// A memfd of `size` bytes that begins with `content`, sealed as asked.
pub fn memfd(size: u64, content: &[u8], seals: libc::c_int) -> File {
    let flags = libc::MFD_CLOEXEC | libc::MFD_ALLOW_SEALING;
    // SAFETY: the name has a terminator.
    let file = File::from(own(unsafe {
        libc::memfd_create(c"gem-test".as_ptr(), flags)
    }));
    file.set_len(size).unwrap();
    write_at(&file, 0, content);
    // SAFETY: F_ADD_SEALS takes an int.
    check(unsafe { libc::fcntl(file.as_raw_fd(), libc::F_ADD_SEALS, seals) });
    file
}

/// The seals that a server wants.
pub const SEALS: libc::c_int = libc::F_SEAL_SHRINK | libc::F_SEAL_GROW;

/// Writes into a segment through its descriptor.
pub fn write_at(file: &File, offset: u64, bytes: &[u8]) {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset).unwrap();
}
