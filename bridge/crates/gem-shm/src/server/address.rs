//! The path at which a server listens.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::PathBuf;
use std::time::Duration;

use crate::error::ShmError;
use crate::fork::ForkFd;
use crate::{socket, sys};

/// Longest wait for a place in the queue of whoever listens at the path already.
const PROBE_LIMIT: Duration = Duration::from_secs(1);

/// What must be unlinked when the server closes: nothing in the abstract namespace.
#[derive(Debug)]
pub(super) struct Address {
    file: Option<(PathBuf, (u64, u64))>,
}

impl Address {
    /// Listens at `path`, for this user only; replaces a socket at which nobody listens any more.
    pub(super) fn bind(path: &str) -> Result<(ForkFd, Self), ShmError> {
        let listener = match socket::listen(path) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && is_dead(path) => {
                let _ = fs::remove_file(path);
                socket::listen(path)
            }
            other => other,
        };
        let listener = listener
            .and_then(ForkFd::new)
            .map_err(ShmError::io("Listening at the socket's path"))?;
        sys::set_nonblocking(&listener).map_err(ShmError::io("Preparing the socket"))?;
        if cfg!(target_os = "linux") && path.starts_with('@') {
            return Ok((listener, Self { file: None }));
        }
        let context = "Restricting the socket to this user";
        fs::set_permissions(path, fs::Permissions::from_mode(0o600))
            .map_err(ShmError::io(context))?;
        let facts = fs::metadata(path).map_err(ShmError::io(context))?;
        let file = (PathBuf::from(path), (facts.dev(), facts.ino()));
        Ok((listener, Self { file: Some(file) }))
    }

    /// Removes the path if it is still the one that was bound.
    pub(super) fn unlink(&mut self) {
        if let Some((path, identity)) = self.file.take() {
            let is_ours =
                fs::metadata(&path).is_ok_and(|facts| (facts.dev(), facts.ino()) == identity);
            if is_ours {
                let _ = fs::remove_file(path);
            }
        }
    }
}

/// Whether a socket exists at `path` and nobody listens at it.
fn is_dead(path: &str) -> bool {
    matches!(
        socket::connect(path, PROBE_LIMIT),
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused
    )
}
