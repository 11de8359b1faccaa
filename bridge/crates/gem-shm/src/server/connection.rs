//! The server's end of one connection.

use std::os::fd::AsFd;
use std::sync::Arc;

use super::ConnectionId;
use crate::error::ShmError;
use crate::fault;
use crate::fork::ForkFd;
use crate::inbox::Inbox;
use crate::outbox::Outbox;
use crate::segment::{Segment, SharedRing};
use crate::socket;

/// A greeted connection on its way from the accept thread to the server.
#[derive(Debug)]
pub(super) struct Greeted {
    pub(super) id: ConnectionId,
    pub(super) socket: Arc<ForkFd>,
    pub(super) segment: Segment,
    /// Longest reply that the client takes, in bytes.
    pub(super) max_reply: u32,
}

/// The server's end of one connection. No method of it ever waits.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) id: ConnectionId,
    pub(super) inbox: Inbox<SharedRing>,
    pub(super) hung_up: bool,
    outbox: Outbox<SharedRing>,
    socket: Arc<ForkFd>,
    max_reply: usize,
    armed: bool,
    queue_limit: usize,
}

impl Connection {
    pub(super) fn new(greeted: Greeted, max_message: u32) -> Self {
        let (replies, requests) = greeted.segment.into_server_ends(max_message);
        Self {
            id: greeted.id,
            inbox: Inbox::new(requests),
            hung_up: false,
            outbox: Outbox::new(replies),
            socket: greeted.socket,
            max_reply: greeted.max_reply as usize,
            armed: false,
            queue_limit: max_message as usize,
        }
    }

    /// Goes on with queued replies and takes in what has arrived; whether a message is whole.
    #[inline]
    pub(super) fn step(&mut self) -> Result<bool, ShmError> {
        if !self.outbox.is_empty() && !self.hung_up {
            let result = self.outbox.flush();
            self.wake_after_write();
            result?;
            if self.outbox.waiting_bytes() > self.queue_limit {
                // A client that does not read its replies gets no further requests served.
                return Ok(false);
            }
        }
        let result = self.inbox.poll();
        if self.inbox.has_part() {
            fault::hit("server:message-part");
        }
        self.wake_after_read();
        Ok(result?.is_some())
    }

    pub(super) fn reply(&mut self, message: &[u8]) -> Result<(), ShmError> {
        if message.len() > self.max_reply {
            return Err(ShmError::TooLarge {
                length: message.len(),
                limit: self.max_reply,
            });
        }
        fault::hit("server:reply-begin");
        let mut result = self.outbox.push(message);
        if self.armed && result.is_ok() && !self.outbox.is_empty() {
            // The server sleeps, or is about to: it must hear when there is room.
            self.outbox.arm();
            result = self.outbox.flush().map(|_| ());
        }
        if self.outbox.is_empty() {
            fault::hit("server:reply-written");
        } else {
            fault::hit("server:reply-queued");
        }
        self.wake_after_write();
        result
    }

    /// Announces to the client that the server is about to sleep. Step again after it.
    pub(super) fn arm(&mut self) {
        self.armed = true;
        self.inbox.arm();
        if !self.outbox.is_empty() {
            self.outbox.arm();
        }
    }

    pub(super) fn disarm(&mut self) {
        self.armed = false;
        self.inbox.disarm();
        self.outbox.disarm();
    }

    #[inline]
    pub(super) fn wake_after_read(&mut self) {
        if self.inbox.must_wake() {
            self.wake();
        }
    }

    #[inline]
    fn wake_after_write(&mut self) {
        if self.outbox.must_wake() {
            self.wake();
        }
    }

    #[cold]
    fn wake(&self) {
        // A full queue holds a wake-up already; a hang-up is noticed by the accept thread.
        let _ = socket::send(self.socket.as_fd(), &[1], None);
        fault::hit("server:woke-client");
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // The accept thread holds the socket too; the hang-up reaches it and the client.
        if !self.socket.is_past() {
            socket::hang_up(self.socket.as_fd());
        }
    }
}
