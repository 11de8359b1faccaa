//! How a client looks, waits and wakes.

use std::io;
use std::os::fd::AsFd;
use std::time::Instant;

use super::{Client, Wait, Want};
use crate::error::ShmError;
use crate::spin::SpinPolicy;
use crate::{fault, socket, sys};

impl Client {
    #[inline]
    pub(super) fn check_open(&self) -> Result<(), ShmError> {
        if self.generation.is_past() {
            Err(ShmError::Forked)
        } else if self.closed {
            Err(ShmError::Closed)
        } else {
            Ok(())
        }
    }

    /// Passes a result on; a violation by the peer closes the connection.
    #[inline]
    pub(super) fn noting<T>(&mut self, result: Result<T, ShmError>) -> Result<T, ShmError> {
        if matches!(result, Err(ShmError::Corrupt(_))) {
            self.close();
        }
        result
    }

    #[inline]
    pub(super) fn look_for_message(&mut self) -> Result<Option<usize>, ShmError> {
        let result = self.replies.poll();
        self.ring_after_read();
        self.noting(result)
    }

    #[inline]
    pub(super) fn after_take(&mut self) {
        fault::hit("client:received");
        self.ring_after_read();
    }

    /// Wakes the server if it sleeps until a request arrives.
    #[inline]
    pub(super) fn ring_after_write(&self) {
        if self.requests.must_wake() {
            self.ring();
        }
    }

    /// Wakes the server if it sleeps until there is room for replies.
    #[inline]
    fn ring_after_read(&mut self) {
        if self.replies.must_wake() {
            self.ring();
        }
    }

    #[cold]
    fn ring(&self) {
        // A broken pipe means that the server is gone; the socket says so to the next wait.
        let _ = sys::ring_pipe(self.bell.as_fd());
        fault::hit("client:rang");
    }

    /// Streams a message that does not fit at once.
    pub(super) fn send_parts(
        &mut self,
        message: &[u8],
        sent: &mut usize,
        deadline: Option<Instant>,
        interrupted: &mut dyn FnMut() -> bool,
    ) -> Result<(), ShmError> {
        let spin = SpinPolicy::for_this_machine();
        loop {
            let before = *sent;
            let result = self.requests.push_part(message, sent);
            let done = self.noting(result)?;
            if *sent > before {
                fault::hit("client:send-part");
                self.ring_after_write();
            }
            if done {
                fault::hit("client:sent");
                return Ok(());
            }
            if *sent > before {
                continue;
            }
            match self.wait_for(Want::Room, deadline, spin)? {
                Wait::TimedOut => return Err(ShmError::TimedOut),
                Wait::Interrupted if interrupted() => return Err(ShmError::Interrupted),
                Wait::Ready | Wait::Interrupted => {}
            }
        }
    }

    #[inline]
    pub(super) fn wait_for(
        &mut self,
        want: Want,
        deadline: Option<Instant>,
        spin: SpinPolicy,
    ) -> Result<Wait, ShmError> {
        let mut spinner = std::mem::take(&mut self.spinner);
        let mut failure = None;
        let found = spinner.spin_until(spin, || match self.look(want) {
            Ok(ready) => ready,
            Err(error) => {
                failure = Some(error);
                true
            }
        });
        self.spinner = spinner;
        match failure {
            Some(error) => Err(error),
            None if found => Ok(Wait::Ready),
            None => self.sleep_for(want, deadline),
        }
    }

    #[cold]
    fn sleep_for(&mut self, want: Want, deadline: Option<Instant>) -> Result<Wait, ShmError> {
        loop {
            if self.hung_up {
                // What the server wrote before it went is complete: one more look settles it.
                return match want {
                    Want::Message if self.look(want)? => Ok(Wait::Ready),
                    _ => Err(ShmError::Closed),
                };
            }
            self.announce(want);
            fault::hit("client:armed");
            let slept = match self.look(want) {
                Ok(true) => Ok(Some(Wait::Ready)),
                Ok(false) => self.sleep(deadline),
                Err(error) => Err(error),
            };
            self.withdraw(want);
            if let Some(wait) = slept? {
                return Ok(wait);
            }
        }
    }

    /// Sleeps once; `None` when something happened at the socket.
    fn sleep(&mut self, deadline: Option<Instant>) -> Result<Option<Wait>, ShmError> {
        match sys::poll(&mut [sys::readable(&self.socket)], deadline) {
            Ok(0) if deadline.is_some_and(|deadline| Instant::now() >= deadline) => {
                Ok(Some(Wait::TimedOut))
            }
            Ok(0) => Ok(None),
            Ok(_) => {
                fault::hit("client:woken");
                self.drain_socket();
                Ok(None)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(Some(Wait::Interrupted)),
            Err(error) => Err(ShmError::io("Waiting for the server")(error)),
        }
    }

    #[inline]
    fn look(&mut self, want: Want) -> Result<bool, ShmError> {
        match want {
            Want::Message => Ok(self.look_for_message()?.is_some()),
            Want::Room => {
                let result = self.requests.has_room();
                self.noting(result)
            }
        }
    }

    fn announce(&self, want: Want) {
        match want {
            Want::Message => self.replies.arm(),
            Want::Room => self.requests.arm(),
        }
    }

    fn withdraw(&self, want: Want) {
        match want {
            Want::Message => self.replies.disarm(),
            Want::Room => self.requests.disarm(),
        }
    }

    /// Reads all wake-ups; notes the server's hang-up.
    pub(super) fn drain_socket(&mut self) {
        let mut bytes = [0; 64];
        loop {
            match socket::receive(self.socket.as_fd(), &mut bytes) {
                Ok((0, _)) => self.hung_up = true,
                Ok(_) => continue,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(_) => self.hung_up = true,
            }
            return;
        }
    }
}
