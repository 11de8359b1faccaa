//! The server's end of all its connections.

use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;
use std::thread::JoinHandle;

use crate::error::ShmError;
use crate::fork::{ForkFd, Generation};
use crate::layout::LARGEST_MESSAGE;
use crate::spin::{SpinPolicy, Spinner};
use crate::{fault, sys};

mod accept;
mod address;
mod connection;
mod control;
mod types;

use accept::{Acceptor, Terms};
use address::Address;
use connection::Connection;
use control::Control;
pub use types::{BindOptions, CloseReason, Closed, ConnectionId};

/// The server's end of all its connections. It belongs to one thread at a time and never waits;
/// dropping it closes everything.
#[derive(Debug)]
pub struct Server {
    address: Address,
    control: Arc<Control>,
    bell: ForkFd,
    /// Written to wake the accept thread.
    accept_wake: ForkFd,
    accept_thread: Option<JoinHandle<()>>,
    /// Sorted by id, because ids only grow.
    connections: Vec<Connection>,
    closed: Vec<Closed>,
    news_seen: u32,
    next: usize,
    max_message: u32,
    spinner: Spinner,
    generation: Generation,
}

impl Server {
    /// Listens at a path and starts the accept thread (`gem-shm-accept`). A socket that a dead
    /// server left at the path is replaced.
    ///
    /// # Errors
    ///
    /// [`ShmError::Invalid`] for an option outside its range, [`ShmError::Io`] when the path is in
    /// use or the system refuses.
    pub fn bind(options: &BindOptions) -> Result<Self, ShmError> {
        if options.max_message == 0 || options.max_message > LARGEST_MESSAGE {
            return Err(ShmError::Invalid(format!(
                "max_message must be 1 to {LARGEST_MESSAGE} bytes, got {}.",
                options.max_message
            )));
        }
        let generation = Generation::current().map_err(ShmError::io("Preparing for forks"))?;
        let (listener, address) = Address::bind(&options.path)?;
        let (bell, bell_writer) = sys::pipe().map_err(ShmError::io("Making the doorbell"))?;
        let (wake, accept_wake) = sys::pipe().map_err(ShmError::io("Making a pipe"))?;
        let control = Arc::new(Control::new(bell_writer));
        let terms = Terms {
            token: options.token,
            max_message: options.max_message,
            max_connections: options.max_connections,
        };
        let acceptor = Acceptor::new(listener, wake, Arc::clone(&control), terms);
        let accept_thread = std::thread::Builder::new()
            .name("gem-shm-accept".into())
            .spawn(move || {
                sys::block_signals();
                acceptor.run();
            })
            .map_err(ShmError::io("Starting the accept thread"))?;
        fault::hit("server:bound");
        Ok(Self {
            address,
            control,
            bell,
            accept_wake,
            accept_thread: Some(accept_thread),
            connections: Vec::new(),
            closed: Vec::new(),
            news_seen: 0,
            next: 0,
            max_message: options.max_message,
            spinner: Spinner::new(),
            generation,
        })
    }

    /// Goes on with queued replies and looks, in turn, for a connection with a whole request;
    /// spins while there is none. The same connection is named again until its request is taken.
    #[inline]
    pub fn poll(&mut self, spin: SpinPolicy) -> Option<ConnectionId> {
        let mut spinner = std::mem::take(&mut self.spinner);
        let mut found = None;
        spinner.spin_until(spin, || {
            found = self.scan();
            found.is_some()
        });
        self.spinner = spinner;
        let index = found?;
        self.next = index + 1;
        fault::hit("server:message-whole");
        Some(self.connections[index].id)
    }

    /// Length in bytes of the request that [`Server::poll`] found on a connection.
    #[must_use]
    pub fn message_len(&self, id: ConnectionId) -> Option<usize> {
        self.connections[self.index(id)?].inbox.length()
    }

    /// Moves the request that [`Server::poll`] found into the front of `target`; its length in
    /// bytes.
    ///
    /// # Errors
    ///
    /// [`ShmError::Invalid`] when there is none or `target` is shorter than it (the request stays),
    /// [`ShmError::Closed`] when the connection is gone, [`ShmError::Corrupt`].
    pub fn take(&mut self, id: ConnectionId, target: &mut [u8]) -> Result<usize, ShmError> {
        self.take_with(id, |connection| connection.inbox.take(target))
    }

    /// Like [`Server::take`], into memory of its own.
    ///
    /// # Errors
    ///
    /// As [`Server::take`].
    pub fn take_vec(&mut self, id: ConnectionId) -> Result<Vec<u8>, ShmError> {
        self.take_with(id, |connection| connection.inbox.take_vec())
    }

    /// Sends a reply, as far as it fits; the rest follows when the client has made room, during
    /// [`Server::poll`]. `false` when the connection is gone. Never waits.
    ///
    /// # Errors
    ///
    /// [`ShmError::TooLarge`] when the client takes no reply of this length.
    pub fn reply(&mut self, id: ConnectionId, message: &[u8]) -> Result<bool, ShmError> {
        let Some(index) = self.index(id) else {
            return Ok(false);
        };
        let connection = &mut self.connections[index];
        if connection.hung_up {
            return Ok(false);
        }
        match connection.reply(message) {
            Ok(()) => Ok(true),
            Err(error @ ShmError::TooLarge { .. }) => Err(error),
            Err(_) => {
                self.end(index, CloseReason::Corrupt);
                Ok(false)
            }
        }
    }

    /// The connections that ended since the last call.
    pub fn take_closed(&mut self) -> Vec<Closed> {
        std::mem::take(&mut self.closed)
    }

    /// Ends a connection; `false` when it is gone already.
    pub fn close_connection(&mut self, id: ConnectionId) -> bool {
        let index = self.index(id);
        if let Some(index) = index {
            self.end(index, CloseReason::Requested);
        }
        index.is_some()
    }

    /// The connections that are open, in the order of their making.
    pub fn connections(&self) -> impl Iterator<Item = ConnectionId> {
        self.connections.iter().map(|connection| connection.id)
    }

    /// The descriptor that becomes readable when an armed server must poll again.
    #[must_use]
    pub fn bell_fd(&self) -> BorrowedFd<'_> {
        self.bell.as_fd()
    }

    /// Announces to all clients that the caller is about to sleep on [`Server::bell_fd`]. `false`
    /// (and no announcement) when there is something to do first: poll again.
    pub fn arm(&mut self) -> bool {
        if self.generation.is_past() {
            return false;
        }
        for connection in &mut self.connections {
            connection.arm();
        }
        let before = (self.news_seen, self.closed.len());
        let idle = self.scan().is_none() && before == (self.news_seen, self.closed.len());
        if idle {
            fault::hit("server:armed");
        } else {
            self.withdraw();
        }
        idle
    }

    /// Takes the announcement of [`Server::arm`] back and empties the bell.
    pub fn disarm(&mut self) {
        if !self.generation.is_past() {
            self.withdraw();
            sys::drain_pipe(self.bell.as_fd());
        }
    }

    /// Closes all connections, joins the accept thread and unlinks the path. Idempotent.
    pub fn close(&mut self) {
        if self.generation.is_past() {
            // The thread exists in the parent only; everything else knows about forks itself.
            std::mem::forget(self.accept_thread.take());
            return;
        }
        if let Some(thread) = self.accept_thread.take() {
            fault::hit("server:closing");
            self.address.unlink();
            self.control.stop();
            let _ = sys::ring_pipe(self.accept_wake.as_fd());
            // A panic there was reported by the thread itself; nothing is left to clean.
            let _ = thread.join();
            drop(self.control.take_news());
            self.connections.clear();
        }
    }

    fn withdraw(&mut self) {
        for connection in &mut self.connections {
            connection.disarm();
        }
    }

    /// The next connection with a whole request, after looking at all of them at most once.
    #[inline]
    fn scan(&mut self) -> Option<usize> {
        if self.generation.is_past() {
            return None;
        }
        if self.control.count() != self.news_seen {
            self.take_news();
        }
        let mut left = self.connections.len();
        let mut index = self.next;
        while left > 0 {
            left -= 1;
            if index >= self.connections.len() {
                index = 0;
            }
            match self.connections[index].step() {
                Ok(true) => return Some(index),
                Ok(false) if !self.connections[index].hung_up => index += 1,
                // The place is the next one's now.
                Ok(false) => self.end(index, CloseReason::HungUp),
                Err(_) => self.end(index, CloseReason::Corrupt),
            }
        }
        None
    }

    #[cold]
    fn take_news(&mut self) {
        self.news_seen = self.control.count();
        let news = self.control.take_news();
        for greeted in news.greeted {
            self.connections
                .push(Connection::new(greeted, self.max_message));
        }
        for id in news.gone {
            if let Some(index) = self.index(id) {
                // What it sent whole is served first; `scan` ends it then.
                self.connections[index].hung_up = true;
            }
        }
    }

    fn take_with<T>(
        &mut self,
        id: ConnectionId,
        take: impl FnOnce(&mut Connection) -> Result<T, ShmError>,
    ) -> Result<T, ShmError> {
        let index = self.index(id).ok_or(ShmError::Closed)?;
        let connection = &mut self.connections[index];
        let result = take(connection);
        fault::hit("server:message-taken");
        connection.wake_after_read();
        if matches!(result, Err(ShmError::Corrupt(_))) {
            self.end(index, CloseReason::Corrupt);
        }
        result
    }

    fn end(&mut self, index: usize, reason: CloseReason) {
        let connection = self.connections.remove(index);
        self.closed.push(Closed {
            id: connection.id,
            reason,
        });
    }

    /// Where a connection is; the one that was found last is tried first.
    #[inline]
    fn index(&self, id: ConnectionId) -> Option<usize> {
        let last = self.next.wrapping_sub(1);
        match self.connections.get(last) {
            Some(connection) if connection.id == id => Some(last),
            _ => self
                .connections
                .binary_search_by_key(&id, |connection| connection.id)
                .ok(),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.close();
    }
}
