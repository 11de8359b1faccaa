//! Unix sockets that keep packets apart where the platform can, and descriptors sent over them.

use std::io;
use std::mem::{size_of, zeroed};
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::time::Duration;

use crate::sys::{check, check_bytes};

#[cfg(target_os = "linux")]
const KIND: libc::c_int = libc::SOCK_SEQPACKET | libc::SOCK_CLOEXEC;
#[cfg(not(target_os = "linux"))]
const KIND: libc::c_int = libc::SOCK_STREAM;

#[cfg(target_os = "linux")]
const SEND_FLAGS: libc::c_int = libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL;
#[cfg(not(target_os = "linux"))]
const SEND_FLAGS: libc::c_int = libc::MSG_DONTWAIT;

#[cfg(target_os = "linux")]
const RECEIVE_FLAGS: libc::c_int = libc::MSG_DONTWAIT | libc::MSG_CMSG_CLOEXEC;
#[cfg(not(target_os = "linux"))]
const RECEIVE_FLAGS: libc::c_int = libc::MSG_DONTWAIT;

/// `AF_UNIX` in the type of an address's field.
#[expect(clippy::cast_possible_truncation, reason = "the constant is 1")]
const FAMILY: libc::sa_family_t = libc::AF_UNIX as libc::sa_family_t;
/// Pending connections that the system keeps for a listener.
const BACKLOG: libc::c_int = 128;
/// Words of the control buffer: room for one descriptor on every platform, aligned as it must be.
const CONTROL_WORDS: usize = 4;

/// Listens at `path`; a path that begins with `@` is a name in Linux's abstract namespace.
pub(crate) fn listen(path: &str) -> io::Result<OwnedFd> {
    let socket = open()?;
    let (address, length) = address(path)?;
    // SAFETY: the address lives for the call and has at least `length` bytes.
    check(unsafe { libc::bind(socket.as_raw_fd(), (&raw const address).cast(), length) })?;
    // SAFETY: listen touches no memory.
    check(unsafe { libc::listen(socket.as_raw_fd(), BACKLOG) })?;
    Ok(socket)
}

/// Connects to `path`, waiting at most `timeout` for a place in the listener's queue.
pub(crate) fn connect(path: &str, timeout: Duration) -> io::Result<OwnedFd> {
    let socket = open()?;
    let (address, length) = address(path)?;
    set_send_timeout(&socket, timeout)?;
    loop {
        // SAFETY: the address lives for the call and has at least `length` bytes.
        let result =
            unsafe { libc::connect(socket.as_raw_fd(), (&raw const address).cast(), length) };
        match check(result) {
            Ok(_) => return Ok(socket),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// The next connection of a non-blocking listener.
pub(crate) fn accept(listener: BorrowedFd<'_>) -> io::Result<OwnedFd> {
    #[cfg(target_os = "linux")]
    // SAFETY: null pointers mean that the peer's address is not wanted.
    let fd = unsafe {
        libc::accept4(
            listener.as_raw_fd(),
            std::ptr::null_mut(),
            std::ptr::null_mut(),
            libc::SOCK_CLOEXEC,
        )
    };
    #[cfg(not(target_os = "linux"))]
    // SAFETY: null pointers mean that the peer's address is not wanted.
    let fd = unsafe {
        libc::accept(
            listener.as_raw_fd(),
            std::ptr::null_mut(),
            std::ptr::null_mut(),
        )
    };
    let socket = own(check(fd)?);
    prepare(&socket)?;
    Ok(socket)
}

/// Sends all of `bytes`, and a descriptor with them, without waiting.
///
/// # Errors
///
/// `ErrorKind::WouldBlock` when the queue is full, `ErrorKind::BrokenPipe` when the peer is gone.
pub(crate) fn send(
    socket: BorrowedFd<'_>,
    bytes: &[u8],
    descriptor: Option<BorrowedFd<'_>>,
) -> io::Result<()> {
    let mut part = libc::iovec {
        iov_base: bytes.as_ptr().cast_mut().cast(),
        iov_len: bytes.len(),
    };
    let mut control = [0u64; CONTROL_WORDS];
    let mut message = message_of(&mut part);
    if let Some(descriptor) = descriptor {
        attach(&mut message, &mut control, descriptor.as_raw_fd());
    }
    // SAFETY: the message points at `bytes` and `control`, which live for the call.
    let sent = unsafe { libc::sendmsg(socket.as_raw_fd(), &raw const message, SEND_FLAGS) };
    if check_bytes(sent)? == bytes.len() {
        Ok(())
    } else {
        Err(io::ErrorKind::WriteZero.into())
    }
}

/// Receives at most `buffer.len()` bytes, without waiting, and the descriptor that came with them.
/// Zero bytes mean that the peer is gone. More than one descriptor is an error.
pub(crate) fn receive(
    socket: BorrowedFd<'_>,
    buffer: &mut [u8],
) -> io::Result<(usize, Option<OwnedFd>)> {
    let mut part = libc::iovec {
        iov_base: buffer.as_mut_ptr().cast(),
        iov_len: buffer.len(),
    };
    let mut control = [0u64; CONTROL_WORDS];
    let mut message = message_of(&mut part);
    message.msg_control = control.as_mut_ptr().cast();
    // Without the padding, in which a second descriptor would find room.
    message.msg_controllen = one_descriptor() as _;
    // SAFETY: the message points at `buffer` and `control`, which live for the call.
    let result = unsafe { libc::recvmsg(socket.as_raw_fd(), &raw mut message, RECEIVE_FLAGS) };
    let bytes = check_bytes(result)?;
    let descriptor = attached(&message);
    if message.msg_flags & (libc::MSG_TRUNC | libc::MSG_CTRUNC) != 0 {
        return Err(io::ErrorKind::InvalidData.into());
    }
    #[cfg(not(target_os = "linux"))]
    if let Some(descriptor) = &descriptor {
        crate::sys::set_close_on_exec(descriptor)?;
    }
    Ok((bytes, descriptor))
}

/// Hangs up in both directions, whoever else holds a copy of the descriptor.
pub(crate) fn hang_up(socket: BorrowedFd<'_>) {
    // SAFETY: shutdown touches no memory. It fails only if the peer hung up before.
    unsafe { libc::shutdown(socket.as_raw_fd(), libc::SHUT_RDWR) };
}

fn open() -> io::Result<OwnedFd> {
    // SAFETY: socket touches no memory.
    let socket = own(check(unsafe { libc::socket(libc::AF_UNIX, KIND, 0) })?);
    prepare(&socket)?;
    Ok(socket)
}

/// What the flags of socket, accept and send do on Linux.
#[cfg(target_os = "linux")]
#[expect(
    clippy::unnecessary_wraps,
    reason = "the other platforms' twin can fail"
)]
fn prepare(_socket: &OwnedFd) -> io::Result<()> {
    Ok(())
}

/// What the flags of socket, accept and send do on Linux.
#[cfg(not(target_os = "linux"))]
fn prepare(socket: &OwnedFd) -> io::Result<()> {
    crate::sys::set_close_on_exec(socket)?;
    #[cfg(target_vendor = "apple")]
    {
        let on: libc::c_int = 1;
        // SAFETY: the value lives for the call and has the length that is passed.
        check(unsafe {
            libc::setsockopt(
                socket.as_raw_fd(),
                libc::SOL_SOCKET,
                libc::SO_NOSIGPIPE,
                (&raw const on).cast(),
                socket_length(size_of::<libc::c_int>()),
            )
        })?;
    }
    Ok(())
}

fn own(fd: RawFd) -> OwnedFd {
    // SAFETY: the system call returned the number just now, and nobody else has it.
    unsafe { OwnedFd::from_raw_fd(fd) }
}

fn set_send_timeout(socket: &OwnedFd, timeout: Duration) -> io::Result<()> {
    let value = libc::timeval {
        tv_sec: libc::time_t::try_from(timeout.as_secs()).unwrap_or(libc::time_t::MAX),
        // Zero in both fields would mean to wait for ever.
        #[allow(
            clippy::useless_conversion,
            reason = "the field's type differs between platforms"
        )]
        tv_usec: timeout.subsec_micros().max(1).cast_signed().into(),
    };
    // SAFETY: the value lives for the call and has the length that is passed.
    check(unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_SNDTIMEO,
            (&raw const value).cast(),
            socket_length(size_of::<libc::timeval>()),
        )
    })?;
    Ok(())
}

fn address(path: &str) -> io::Result<(libc::sockaddr_un, libc::socklen_t)> {
    // SAFETY: a socket address is plain data for which all zero bytes are a value.
    let mut address: libc::sockaddr_un = unsafe { zeroed() };
    address.sun_family = FAMILY;
    let bytes = path.as_bytes();
    let is_abstract = cfg!(target_os = "linux") && bytes.first() == Some(&b'@');
    if bytes.is_empty() || bytes.len() >= address.sun_path.len() || bytes.contains(&0) {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            format!(
                "a socket path has 1 to {} bytes",
                address.sun_path.len() - 1
            ),
        ));
    }
    for (to, from) in address.sun_path.iter_mut().zip(bytes) {
        *to = from.cast_signed();
    }
    if is_abstract {
        address.sun_path[0] = 0;
    }
    let terminator = usize::from(!is_abstract);
    let length = std::mem::offset_of!(libc::sockaddr_un, sun_path) + bytes.len() + terminator;
    Ok((address, socket_length(length)))
}

/// The size of a small structure as the system's type for it.
#[expect(
    clippy::cast_possible_truncation,
    reason = "sizes of a few hundred bytes at most"
)]
const fn socket_length(bytes: usize) -> libc::socklen_t {
    bytes as libc::socklen_t
}

fn message_of(part: &mut libc::iovec) -> libc::msghdr {
    // SAFETY: a message header is plain data for which all zero bytes are a value.
    let mut message: libc::msghdr = unsafe { zeroed() };
    message.msg_iov = part;
    message.msg_iovlen = 1;
    message
}

const DESCRIPTOR_BYTES: libc::c_uint = socket_length(size_of::<RawFd>());

fn one_descriptor() -> libc::c_uint {
    // SAFETY: pure arithmetic.
    unsafe { libc::CMSG_LEN(DESCRIPTOR_BYTES) }
}

fn control_bytes() -> libc::c_uint {
    // SAFETY: pure arithmetic.
    unsafe { libc::CMSG_SPACE(DESCRIPTOR_BYTES) }
}

/// Points `message` at `control` and puts one descriptor there.
fn attach(message: &mut libc::msghdr, control: &mut [u64; CONTROL_WORDS], fd: RawFd) {
    debug_assert!(control_bytes() as usize <= size_of_val(control));
    message.msg_control = control.as_mut_ptr().cast();
    message.msg_controllen = control_bytes() as _;
    // SAFETY: the message's control buffer is valid and has room for one header.
    let header = unsafe { libc::CMSG_FIRSTHDR(message) };
    // SAFETY: a control header is plain data for which all zero bytes are a value.
    let mut value: libc::cmsghdr = unsafe { zeroed() };
    value.cmsg_level = libc::SOL_SOCKET;
    value.cmsg_type = libc::SCM_RIGHTS;
    value.cmsg_len = one_descriptor() as _;
    // SAFETY: `header` points into `control`, which is aligned for it and long enough.
    unsafe { header.write(value) };
    // SAFETY: `header` points at a control header in a valid buffer.
    let data = unsafe { libc::CMSG_DATA(header) };
    // SAFETY: the control buffer has room for the descriptor behind the header.
    unsafe { data.cast::<RawFd>().write_unaligned(fd) };
}

/// The descriptor that came with a received message.
fn attached(message: &libc::msghdr) -> Option<OwnedFd> {
    // SAFETY: the kernel filled the control buffer and its length.
    let header = unsafe { libc::CMSG_FIRSTHDR(message) };
    if header.is_null() {
        return None;
    }
    // SAFETY: `header` is not null, so a whole header lies in the control buffer.
    let value = unsafe { header.read() };
    let is_rights = value.cmsg_level == libc::SOL_SOCKET && value.cmsg_type == libc::SCM_RIGHTS;
    if !is_rights || (value.cmsg_len as usize) < one_descriptor() as usize {
        return None;
    }
    // SAFETY: `header` points at a control header in a valid buffer.
    let data = unsafe { libc::CMSG_DATA(header) };
    // SAFETY: the header's length says that a descriptor follows it.
    let fd = unsafe { data.cast::<RawFd>().read_unaligned() };
    Some(own(fd))
}
