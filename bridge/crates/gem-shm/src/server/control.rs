//! What the accept thread and the server tell each other.

use std::os::fd::{AsFd, BorrowedFd};
use std::sync::atomic::{
    AtomicBool, AtomicU32,
    Ordering::{Acquire, Relaxed, Release},
};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::ConnectionId;
use super::connection::Greeted;
use crate::fork::ForkFd;
use crate::sys;

/// News from the accept thread.
#[derive(Debug, Default)]
pub(super) struct News {
    pub(super) greeted: Vec<Greeted>,
    pub(super) gone: Vec<ConnectionId>,
}

/// Shared by the accept thread and the server.
#[derive(Debug)]
pub(super) struct Control {
    news: Mutex<News>,
    /// Counts changes of `news`, so that the server need not lock to learn that there are none.
    count: AtomicU32,
    stopping: AtomicBool,
    bell: ForkFd,
}

impl Control {
    pub(super) fn new(bell: ForkFd) -> Self {
        Self {
            news: Mutex::default(),
            count: AtomicU32::new(0),
            stopping: AtomicBool::new(false),
            bell,
        }
    }

    /// The writing end of the server's doorbell.
    pub(super) fn bell(&self) -> BorrowedFd<'_> {
        self.bell.as_fd()
    }

    pub(super) fn push_greeted(&self, greeted: Greeted) {
        self.lock().greeted.push(greeted);
        self.announce();
    }

    pub(super) fn push_gone(&self, id: ConnectionId) {
        self.lock().gone.push(id);
        self.announce();
    }

    /// How often the news changed.
    #[inline]
    pub(super) fn count(&self) -> u32 {
        // SYNC: pairs with the Release in `announce`; the lock orders the news themselves.
        self.count.load(Acquire)
    }

    pub(super) fn take_news(&self) -> News {
        std::mem::take(&mut *self.lock())
    }

    pub(super) fn stop(&self) {
        // SYNC: none needed; the accept thread looks again after the wake-up that follows, and a
        // pipe orders more than enough.
        self.stopping.store(true, Relaxed);
    }

    pub(super) fn is_stopping(&self) -> bool {
        // SYNC: none needed, as in `stop`.
        self.stopping.load(Relaxed)
    }

    /// The server may sleep or be about to: the bell is rung always, because this is rare.
    fn announce(&self) {
        // SYNC: pairs with the Acquire in `count`.
        self.count.fetch_add(1, Release);
        let _ = sys::ring_pipe(self.bell.as_fd());
    }

    fn lock(&self) -> MutexGuard<'_, News> {
        // The news are whole at every moment, even if a thread died holding the lock.
        self.news.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
