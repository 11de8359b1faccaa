//! The client's end. Its methods block the calling thread, so it is for worker threads and tests.

use std::time::{Duration, Instant};

use gem_shm::{Client, ConnectOptions, SpinPolicy, Wait};
use napi::bindgen_prelude::Buffer;
use napi_derive::napi;

use crate::error::{Result, invalid, to_js, token};

/// How to connect; what is left out has the default of `gem-shm`.
#[napi(object)]
pub struct ShmClientOptions {
    /// Bytes of the ring for requests, a power of two.
    pub request_bytes: Option<u32>,
    /// Bytes of the ring for replies, a power of two.
    pub response_bytes: Option<u32>,
    /// Longest message in bytes, either way.
    pub max_message: Option<u32>,
    /// How long connecting may take, in milliseconds.
    pub timeout_ms: Option<f64>,
}

/// One connection to a server.
#[napi]
pub struct ShmClient {
    client: Client,
}

#[napi]
impl ShmClient {
    /// Connects to the server at `path` and shows it `token`, 16 bytes.
    #[napi(constructor)]
    pub fn new(
        path: String,
        token_bytes: &[u8],
        options: Option<ShmClientOptions>,
    ) -> Result<Self> {
        let mut connect = ConnectOptions::new(path, token(token_bytes)?);
        if let Some(given) = options {
            connect.request_bytes = given.request_bytes.unwrap_or(connect.request_bytes);
            connect.response_bytes = given.response_bytes.unwrap_or(connect.response_bytes);
            connect.max_message = given.max_message.unwrap_or(connect.max_message);
            if let Some(millis) = given.timeout_ms {
                connect.timeout = duration(millis)?;
            }
        }
        let client = Client::connect(&connect).map_err(to_js)?;
        Ok(Self { client })
    }

    /// The server's number of this connection.
    #[napi(getter)]
    pub fn connection(&self) -> u32 {
        self.client.id()
    }

    /// Sends a message, waiting for room for at most so long (left out: for ever).
    #[napi]
    pub fn send(&mut self, message: &[u8], timeout_ms: Option<f64>) -> Result<()> {
        let deadline = deadline(timeout_ms)?;
        let sent = self.client.send(message, deadline, &mut || false);
        sent.map_err(to_js)
    }

    /// The next reply, waited for at most so long (left out: for ever).
    #[napi]
    pub fn receive(&mut self, timeout_ms: Option<f64>) -> Result<Buffer> {
        let deadline = deadline(timeout_ms)?;
        let spin = SpinPolicy::for_this_machine();
        let reply = self
            .client
            .receive(deadline, spin, &mut || false)
            .and_then(|_| self.client.take_vec());
        reply.map(Buffer::from).map_err(to_js)
    }

    /// The next reply if it is there.
    #[napi]
    pub fn try_receive(&mut self) -> Result<Option<Buffer>> {
        // A wait that is over at once, since only a wait notices that the server is gone.
        let now = Some(Instant::now());
        if self.client.wait(now, SpinPolicy::NONE).map_err(to_js)? != Wait::Ready {
            return Ok(None);
        }
        let reply = self.client.take_vec();
        reply.map(|reply| Some(reply.into())).map_err(to_js)
    }

    /// Hangs up; what was sent whole is still served. Twice is fine.
    #[napi]
    pub fn close(&mut self) {
        self.client.close();
    }
}

/// The end of a wait; one beyond the clock's range is no end.
fn deadline(timeout_ms: Option<f64>) -> Result<Option<Instant>> {
    timeout_ms.map_or(Ok(None), |millis| {
        Ok(Instant::now().checked_add(duration(millis)?))
    })
}

fn duration(millis: f64) -> Result<Duration> {
    Duration::try_from_secs_f64(millis / 1000.0).map_err(|_| {
        invalid(format!(
            "A time must be a number of milliseconds, 0 or more, got {millis}."
        ))
    })
}
