//! The client's end of a connection.

use std::os::fd::{AsFd, BorrowedFd};
use std::time::Instant;

use crate::error::ShmError;
use crate::fork::{ForkFd, Generation};
use crate::handshake::Hello;
use crate::inbox::Inbox;
use crate::layout::LARGEST_MESSAGE;
use crate::ring::Producer;
use crate::segment::{Segment, SegmentOptions, SharedRing};
use crate::spin::{SpinPolicy, Spinner};
use crate::{fault, socket};

mod answer;
mod options;
mod waiting;

use answer::read_answer;
pub use options::{ConnectOptions, Wait};

/// What a client can wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Want {
    Message,
    Room,
}

/// The client's end of a connection. Dropping it hangs up.
#[derive(Debug)]
pub struct Client {
    requests: Producer<SharedRing>,
    replies: Inbox<SharedRing>,
    socket: ForkFd,
    bell: ForkFd,
    id: u32,
    server_pid: u32,
    max_request: usize,
    spinner: Spinner,
    generation: Generation,
    hung_up: bool,
    closed: bool,
}

impl Client {
    /// Connects to a server: creates a segment, hands it over and waits for the answer.
    ///
    /// # Errors
    ///
    /// [`ShmError::Invalid`] for an option outside its range, [`ShmError::Refused`],
    /// [`ShmError::TimedOut`], [`ShmError::Closed`] when the server went away meanwhile,
    /// [`ShmError::Io`] when there is no server or the system refuses.
    pub fn connect(options: &ConnectOptions) -> Result<Self, ShmError> {
        fault::hit("client:start");
        if options.max_message == 0 || options.max_message > LARGEST_MESSAGE {
            return Err(ShmError::Invalid(format!(
                "max_message must be 1 to {LARGEST_MESSAGE} bytes, got {}.",
                options.max_message
            )));
        }
        let deadline = Instant::now() + options.timeout;
        let generation = Generation::current().map_err(ShmError::io("Preparing for forks"))?;
        let socket = socket::connect(&options.path, options.timeout)
            .and_then(ForkFd::new)
            .map_err(ShmError::io("Connecting to the server"))?;
        fault::hit("client:connected");
        let segment = Segment::create(&SegmentOptions {
            request_bytes: options.request_bytes,
            response_bytes: options.response_bytes,
            backing: options.backing,
        })?;
        fault::hit("client:segment-created");
        let hello = Hello {
            pid: std::process::id(),
            token: options.token,
            request_bytes: options.request_bytes,
            response_bytes: options.response_bytes,
            max_message: options.max_message,
        };
        socket::send(socket.as_fd(), &hello.encode(), Some(segment.as_fd()))
            .map_err(ShmError::io("Greeting the server"))?;
        fault::hit("client:greeted");
        let (answer, bell) = read_answer(&socket, deadline)?;
        fault::hit("client:accepted");
        let (requests, replies) = segment.into_client_ends(options.max_message);
        Ok(Self {
            requests,
            replies: Inbox::new(replies),
            socket,
            bell,
            id: answer.connection,
            server_pid: answer.pid,
            max_request: options.max_message.min(answer.max_message) as usize,
            spinner: Spinner::new(),
            generation,
            hung_up: false,
            closed: false,
        })
    }

    /// The server's number of this connection.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.id
    }

    /// The server's process id, as it says.
    #[must_use]
    pub fn server_pid(&self) -> u32 {
        self.server_pid
    }

    /// Longest message that may be sent, in bytes.
    #[must_use]
    pub fn max_request(&self) -> usize {
        self.max_request
    }

    /// Sends `message` if all of it fits into the ring now; `false` and no change if not.
    ///
    /// # Errors
    ///
    /// [`ShmError::TooLarge`], [`ShmError::Closed`], [`ShmError::Forked`], [`ShmError::Corrupt`].
    #[inline]
    pub fn try_send(&mut self, message: &[u8]) -> Result<bool, ShmError> {
        self.check_open()?;
        if message.len() > self.max_request {
            return Err(ShmError::TooLarge {
                length: message.len(),
                limit: self.max_request,
            });
        }
        fault::hit("client:send-begin");
        let result = self.requests.try_push(message);
        let sent = self.noting(result)?;
        if sent {
            fault::hit("client:sent");
            self.ring_after_write();
        }
        Ok(sent)
    }

    /// Sends `message`, waiting for room until `deadline` (`None`: for ever). `interrupted` is asked
    /// when a signal arrived; `true` stops.
    ///
    /// A message that was given up after a part of it went out makes the stream useless: the
    /// connection is closed then.
    ///
    /// # Errors
    ///
    /// As [`Client::try_send`], and [`ShmError::TimedOut`], [`ShmError::Interrupted`].
    pub fn send(
        &mut self,
        message: &[u8],
        deadline: Option<Instant>,
        interrupted: &mut dyn FnMut() -> bool,
    ) -> Result<(), ShmError> {
        if self.try_send(message)? {
            return Ok(());
        }
        let mut sent = 0;
        let result = self.send_parts(message, &mut sent, deadline, interrupted);
        if result.is_err() && sent > 0 {
            self.close();
        }
        result
    }

    /// Takes in what has arrived; the length in bytes of the next reply if it is whole, so that
    /// [`Client::take`] will not wait.
    ///
    /// # Errors
    ///
    /// [`ShmError::Closed`] when nothing is left and the server is known to be gone,
    /// [`ShmError::Forked`], [`ShmError::Corrupt`].
    #[inline]
    pub fn try_peek(&mut self) -> Result<Option<usize>, ShmError> {
        self.check_open()?;
        let length = self.look_for_message()?;
        if length.is_none() && self.hung_up {
            return Err(ShmError::Closed);
        }
        Ok(length)
    }

    /// Moves the reply that [`Client::try_peek`] or a wait found into the front of `target`; its
    /// length in bytes.
    ///
    /// # Errors
    ///
    /// [`ShmError::Invalid`] when there is none or `target` is shorter than it (the reply stays),
    /// [`ShmError::Closed`], [`ShmError::Forked`], [`ShmError::Corrupt`].
    #[inline]
    pub fn take(&mut self, target: &mut [u8]) -> Result<usize, ShmError> {
        self.check_open()?;
        let result = self.replies.take(target);
        self.after_take();
        self.noting(result)
    }

    /// Like [`Client::take`], into memory of its own.
    ///
    /// # Errors
    ///
    /// As [`Client::take`].
    pub fn take_vec(&mut self) -> Result<Vec<u8>, ShmError> {
        self.check_open()?;
        let result = self.replies.take_vec();
        self.after_take();
        self.noting(result)
    }

    /// Waits for a whole reply; its length in bytes. [`Client::take`] moves it out. A wait that was
    /// given up loses nothing: the next one goes on.
    ///
    /// # Errors
    ///
    /// [`ShmError::TimedOut`], [`ShmError::Interrupted`] when `interrupted` said so after a signal,
    /// [`ShmError::Closed`], [`ShmError::Forked`], [`ShmError::Corrupt`].
    pub fn receive(
        &mut self,
        deadline: Option<Instant>,
        spin: SpinPolicy,
        interrupted: &mut dyn FnMut() -> bool,
    ) -> Result<usize, ShmError> {
        loop {
            match self.wait(deadline, spin)? {
                Wait::Ready => return self.try_peek()?.ok_or(ShmError::Closed),
                Wait::TimedOut => return Err(ShmError::TimedOut),
                Wait::Interrupted if interrupted() => return Err(ShmError::Interrupted),
                Wait::Interrupted => {}
            }
        }
    }

    /// [`Client::receive`] and [`Client::take`] in one.
    ///
    /// # Errors
    ///
    /// As the two.
    pub fn receive_into(
        &mut self,
        target: &mut [u8],
        deadline: Option<Instant>,
        spin: SpinPolicy,
        interrupted: &mut dyn FnMut() -> bool,
    ) -> Result<usize, ShmError> {
        self.receive(deadline, spin, interrupted)?;
        self.take(target)
    }

    /// Waits once for a whole reply: spins, then sleeps until it is there, the server is gone, a
    /// signal arrives, or `deadline` passes (`None`: never).
    ///
    /// # Errors
    ///
    /// [`ShmError::Closed`], [`ShmError::Forked`], [`ShmError::Corrupt`], [`ShmError::Io`].
    #[inline]
    pub fn wait(&mut self, deadline: Option<Instant>, spin: SpinPolicy) -> Result<Wait, ShmError> {
        self.check_open()?;
        self.wait_for(Want::Message, deadline, spin)
    }

    /// For callers that poll [`Client::fd`] themselves: announces that they are about to sleep.
    /// `false` (and no announcement) when a reply is there already or the server is gone.
    ///
    /// # Errors
    ///
    /// [`ShmError::Closed`], [`ShmError::Forked`], [`ShmError::Corrupt`].
    pub fn arm(&mut self) -> Result<bool, ShmError> {
        self.check_open()?;
        self.replies.arm();
        let ready = self.look_for_message();
        if self.hung_up || !matches!(ready, Ok(None)) {
            self.replies.disarm();
        }
        Ok(ready?.is_none() && !self.hung_up)
    }

    /// Takes the announcement of [`Client::arm`] back and reads the wake-ups off the socket.
    pub fn disarm(&mut self) {
        if self.check_open().is_ok() {
            self.replies.disarm();
            self.drain_socket();
        }
    }

    /// The descriptor that becomes readable when an armed client must look again.
    #[must_use]
    pub fn fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }

    /// Whether the connection was closed on this side.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Hangs up. The server still serves the messages that were sent whole. Idempotent.
    pub fn close(&mut self) {
        if !self.closed && !self.generation.is_past() {
            fault::hit("client:closing");
            socket::hang_up(self.socket.as_fd());
        }
        self.closed = true;
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.close();
    }
}
