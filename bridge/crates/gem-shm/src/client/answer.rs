//! The server's answer to a greeting.

use std::os::fd::AsFd;
use std::time::Instant;

use crate::error::ShmError;
use crate::fork::ForkFd;
use crate::handshake::{ANSWER_BYTES, Answer};
use crate::{socket, sys};

/// Waits for the server's answer and the bell.
pub(super) fn read_answer(
    socket: &ForkFd,
    deadline: Instant,
) -> Result<(Answer, ForkFd), ShmError> {
    let mut packet = [0; ANSWER_BYTES];
    let mut filled = 0;
    let mut bell = None;
    while filled < ANSWER_BYTES {
        match sys::poll(&mut [sys::readable(socket)], Some(deadline)) {
            Ok(0) if Instant::now() >= deadline => return Err(ShmError::TimedOut),
            Ok(0) => continue,
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(ShmError::io("Waiting for the server's answer")(error)),
        }
        match socket::receive(socket.as_fd(), &mut packet[filled..]) {
            Ok((0, _)) => return Err(ShmError::Closed),
            Ok((bytes, descriptor)) => {
                filled += bytes;
                bell = bell.or(descriptor);
            }
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => {
                return Err(ShmError::Closed);
            }
            Err(error) => return Err(ShmError::io("Reading the server's answer")(error)),
        }
    }
    let answer = Answer::decode(&packet)?;
    if let Some(refusal) = answer.refusal {
        return Err(ShmError::Refused(refusal));
    }
    let bell = bell.ok_or(ShmError::Corrupt("the server's answer lacks the bell"))?;
    let bell = ForkFd::new(bell).map_err(ShmError::io("Preparing for forks"))?;
    Ok((answer, bell))
}
