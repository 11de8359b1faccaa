//! The thread that lets clients in and notices when they go.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::ConnectionId;
use super::connection::Greeted;
use super::control::Control;
use crate::error::Refusal;
use crate::fault;
use crate::fork::ForkFd;
use crate::handshake::{Answer, HELLO_BYTES, Hello, Token};
use crate::segment::Segment;
use crate::{socket, sys};

/// Longest time from a connection to the end of its greeting.
const GREETING_LIMIT: Duration = Duration::from_secs(1);
/// Greetings that may be under way at the same time; more wait in the listener's queue.
const MAX_GREETINGS: usize = 64;
/// Pause after the process ran out of descriptors.
const EXHAUSTED_PAUSE: Duration = Duration::from_millis(50);

/// What the thread needs to know of the server's options.
#[derive(Debug)]
pub(super) struct Terms {
    pub(super) token: Token,
    pub(super) max_message: u32,
    pub(super) max_connections: usize,
}

/// The thread's state.
#[derive(Debug)]
pub(super) struct Acceptor {
    listener: ForkFd,
    wake: ForkFd,
    control: Arc<Control>,
    terms: Terms,
    greetings: Vec<Greeting>,
    watched: Vec<(ConnectionId, Arc<ForkFd>)>,
    last_id: u32,
    paused_until: Option<Instant>,
}

/// A connection whose greeting has not arrived completely.
#[derive(Debug)]
struct Greeting {
    socket: ForkFd,
    deadline: Instant,
    packet: [u8; HELLO_BYTES],
    filled: usize,
    segment: Option<OwnedFd>,
}

impl Acceptor {
    pub(super) fn new(listener: ForkFd, wake: ForkFd, control: Arc<Control>, terms: Terms) -> Self {
        Self {
            listener,
            wake,
            control,
            terms,
            greetings: Vec::new(),
            watched: Vec::new(),
            last_id: 0,
            paused_until: None,
        }
    }

    /// Serves until the server closes.
    pub(super) fn run(mut self) {
        while !self.control.is_stopping() {
            let now = Instant::now();
            self.greetings.retain(|greeting| greeting.deadline > now);
            self.paused_until = self.paused_until.filter(|until| *until > now);

            let mut entries = vec![sys::readable(&self.wake), sys::readable(&self.listener)];
            if self.paused_until.is_some() || self.greetings.len() >= MAX_GREETINGS {
                entries[1].fd = -1;
            }
            let sockets = self.greetings.iter().map(|greeting| &greeting.socket);
            entries.extend(sockets.map(sys::readable));
            let sockets = self.watched.iter().map(|(_, socket)| &**socket);
            entries.extend(sockets.map(sys::readable));

            let deadlines = self.greetings.iter().map(|greeting| greeting.deadline);
            let deadline = deadlines.chain(self.paused_until).min();
            if sys::poll(&mut entries, deadline).is_ok() {
                self.handle(&entries);
            }
        }
    }

    /// Handles what poll found, from the last entry to the first so that the indices stay valid.
    fn handle(&mut self, entries: &[libc::pollfd]) {
        let has_news = |index: usize| entries[index].revents != 0;
        let first_watched = 2 + self.greetings.len();
        for index in (0..self.watched.len()).rev() {
            if has_news(first_watched + index) {
                let (id, _socket) = self.watched.remove(index);
                self.control.push_gone(id);
            }
        }
        for index in (0..self.greetings.len()).rev() {
            if has_news(2 + index) && self.greetings[index].read() != Progress::Waiting {
                let greeting = self.greetings.swap_remove(index);
                self.finish(greeting);
            }
        }
        if has_news(1) {
            self.accept();
        }
    }

    fn accept(&mut self) {
        match socket::accept(self.listener.as_fd()).and_then(ForkFd::new) {
            Ok(socket) => {
                fault::hit("server:connection");
                self.greetings.push(Greeting {
                    socket,
                    deadline: Instant::now() + GREETING_LIMIT,
                    packet: [0; HELLO_BYTES],
                    filled: 0,
                    segment: None,
                });
            }
            Err(error) => {
                // Otherwise the client went away, or a signal arrived.
                let exhausted = [libc::EMFILE, libc::ENFILE, libc::ENOBUFS, libc::ENOMEM];
                if error
                    .raw_os_error()
                    .is_some_and(|code| exhausted.contains(&code))
                {
                    self.paused_until = Some(Instant::now() + EXHAUSTED_PAUSE);
                }
            }
        }
    }

    /// Answers a greeting that is complete (or never will be).
    fn finish(&mut self, mut greeting: Greeting) {
        let checked = greeting.check(&self.terms, self.watched.len());
        fault::hit("server:segment-mapped");
        let answer = Answer {
            pid: std::process::id(),
            refusal: checked.as_ref().err().copied(),
            connection: self.last_id.wrapping_add(1).max(1),
            max_message: self.terms.max_message,
        };
        let bell = checked.is_ok().then(|| self.control.bell());
        let sent = socket::send(greeting.socket.as_fd(), &answer.encode(), bell);
        fault::hit("server:answered");
        if let (Ok((segment, max_reply)), Ok(())) = (checked, sent) {
            self.last_id = answer.connection;
            let id = ConnectionId(answer.connection);
            let socket = Arc::new(greeting.socket);
            self.watched.push((id, Arc::clone(&socket)));
            self.control.push_greeted(Greeted {
                id,
                socket,
                segment,
                max_reply,
            });
            fault::hit("server:handed-over");
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Progress {
    Waiting,
    Complete,
    Hopeless,
}

impl Greeting {
    fn read(&mut self) -> Progress {
        match socket::receive(self.socket.as_fd(), &mut self.packet[self.filled..]) {
            Ok((0, _)) => Progress::Hopeless,
            Ok((bytes, descriptor)) => {
                self.filled += bytes;
                if descriptor.is_some() {
                    self.segment = descriptor;
                }
                let packets_stay_apart = cfg!(target_os = "linux");
                if self.filled == HELLO_BYTES {
                    fault::hit("server:greeting-read");
                    Progress::Complete
                } else if packets_stay_apart {
                    Progress::Hopeless
                } else {
                    Progress::Waiting
                }
            }
            Err(error) => match error.kind() {
                io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted => Progress::Waiting,
                _ => Progress::Hopeless,
            },
        }
    }

    /// The mapped segment and the longest reply, or why not.
    fn check(&mut self, terms: &Terms, connections: usize) -> Result<(Segment, u32), Refusal> {
        if self.filled < HELLO_BYTES {
            return Err(Refusal::Malformed);
        }
        let hello = Hello::decode(&self.packet, &terms.token)?;
        if connections >= terms.max_connections {
            return Err(Refusal::Full);
        }
        let segment = self.segment.take().ok_or(Refusal::Malformed)?;
        let segment = Segment::from_fd(segment, hello.request_bytes, hello.response_bytes)
            .map_err(|_| Refusal::Segment)?;
        Ok((segment, hello.max_message))
    }
}
