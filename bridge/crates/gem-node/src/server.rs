//! The server's end, for an event loop: no method waits longer than it is told to spin.

use std::os::fd::IntoRawFd;
use std::time::Duration;

use gem_shm::{BindOptions, ConnectionId, Server, ShmError, SpinPolicy};
use napi::bindgen_prelude::{Buffer, BufferSlice};
use napi_derive::napi;

use crate::error::{Result, invalid, to_js, token};

/// One listening path and all its connections.
#[napi]
pub struct ShmServer {
    server: Server,
}

/// Bytes of the connection's number in front of each message.
const NUMBER_BYTES: usize = 4;

#[napi]
impl ShmServer {
    /// Listens at `path` (`@name`: Linux's abstract namespace). Clients must show `token`, 16 bytes,
    /// and send messages of at most `max_message` bytes.
    #[napi(constructor)]
    pub fn new(path: String, token_bytes: &[u8], max_message: u32) -> Result<Self> {
        let mut options = BindOptions::new(path, token(token_bytes)?);
        options.max_message = max_message;
        let server = Server::bind(&options).map_err(to_js)?;
        Ok(Self { server })
    }

    /// Goes on with queued replies and takes the next whole message of any client, looking for one
    /// for at most `spin_micros` microseconds (not at all where this process has one core).
    ///
    /// Gives the message's length, or -1 when there is none. At `offset` in `target` lie then its
    /// connection's number (4 bytes, little-endian) and, if it fits behind that, the message;
    /// otherwise it waits for `take`, and is named again until then.
    #[napi]
    pub fn next(
        &mut self,
        mut target: BufferSlice<'_>,
        offset: u32,
        spin_micros: u32,
    ) -> Result<i32> {
        let room = target.get_mut(offset as usize..);
        let (number, room) = room
            .and_then(<[u8]>::split_first_chunk_mut::<NUMBER_BYTES>)
            .ok_or_else(|| {
                invalid(format!(
                    "The buffer must have {NUMBER_BYTES} bytes from offset {offset} on."
                ))
            })?;
        let spin = spin_policy(spin_micros);
        while let Some(id) = self.server.poll(spin) {
            *number = id.0.to_le_bytes();
            match self.server.message_len(id) {
                Some(length) if length > room.len() => return Ok(signed(length)),
                _ => {}
            }
            match self.server.take(id, room) {
                Ok(length) => return Ok(signed(length)),
                // The connection has just ended, and `take_closed` says so; the others go on.
                Err(ShmError::Closed | ShmError::Corrupt(_)) => {}
                Err(error) => return Err(to_js(error)),
            }
        }
        Ok(-1)
    }

    /// The message that `next` named without having room for it; null when its connection has
    /// ended meanwhile.
    #[napi]
    pub fn take(&mut self, connection: u32) -> Result<Option<Buffer>> {
        match self.server.take_vec(ConnectionId(connection)) {
            Ok(message) => Ok(Some(message.into())),
            Err(ShmError::Closed | ShmError::Corrupt(_)) => Ok(None),
            Err(error) => Err(to_js(error)),
        }
    }

    /// Sends a reply; what does not fit into memory follows when the client has made room. `false`
    /// when the client is gone. Fails with `GEM_LIMIT` when the client takes no reply of this
    /// length.
    #[napi]
    pub fn reply(&mut self, connection: u32, message: &[u8]) -> Result<bool> {
        let sent = self.server.reply(ConnectionId(connection), message);
        sent.map_err(to_js)
    }

    /// Ends a connection; `false` when it is gone already.
    #[napi]
    pub fn close_connection(&mut self, connection: u32) -> bool {
        self.server.close_connection(ConnectionId(connection))
    }

    /// The connections that ended since the last call.
    #[napi]
    pub fn take_closed(&mut self) -> Vec<u32> {
        let closed = self.server.take_closed();
        closed.iter().map(|closed| closed.id.0).collect()
    }

    /// A new descriptor, the caller's to close, that becomes readable when an armed server must
    /// look again.
    #[napi]
    pub fn open_bell(&self) -> Result<i32> {
        let bell = self.server.bell_fd().try_clone_to_owned();
        bell.map(IntoRawFd::into_raw_fd).map_err(|source| {
            to_js(ShmError::Io {
                context: "Duplicating the doorbell",
                source,
            })
        })
    }

    /// Asks clients to ring the bell from now on; `false` (and they are not asked) when there is
    /// something to do first.
    #[napi]
    pub fn arm(&mut self) -> bool {
        self.server.arm()
    }

    /// Takes `arm` back and silences the bell.
    #[napi]
    pub fn disarm(&mut self) {
        self.server.disarm();
    }

    /// Ends all connections and removes the path. Twice is fine.
    #[napi]
    pub fn close(&mut self) {
        self.server.close();
    }
}

/// A message has at most 2^30 bytes.
fn signed(length: usize) -> i32 {
    i32::try_from(length).unwrap_or(i32::MAX)
}

fn spin_policy(micros: u32) -> SpinPolicy {
    let limit = SpinPolicy::for_this_machine();
    if micros == 0 || limit == SpinPolicy::NONE {
        return SpinPolicy::NONE;
    }
    SpinPolicy {
        total: Duration::from_micros(micros.into()),
        ..limit
    }
}
