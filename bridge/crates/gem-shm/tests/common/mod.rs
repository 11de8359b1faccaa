//! What several test binaries share.
#![allow(dead_code, reason = "each test binary uses a part of it")]
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::io::PipeWriter;
use std::os::fd::{AsRawFd, RawFd};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use gem_shm::{BindOptions, Closed, ConnectOptions, Server, SpinPolicy, Token};

pub mod child;
pub mod raw;
pub mod resources;

/// The token of all test servers.
pub const TOKEN: Token = *b"sixteen letters!";

/// For waits that no signal ends.
pub fn no_stop() -> bool {
    false
}

/// When a test that should have gone on is broken.
#[allow(
    clippy::unnecessary_wraps,
    reason = "deadlines are optional where it is passed"
)]
pub fn watchdog() -> Option<Instant> {
    Some(Instant::now() + Duration::from_secs(60))
}

/// A path for a socket that no other test uses.
pub fn path(name: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir();
    format!(
        "{}/gem-{name}-{}-{count}",
        folder.display(),
        std::process::id()
    )
}

/// The same in the abstract namespace, where nothing remains of a killed server.
pub fn abstract_path(name: &str) -> String {
    format!("@{}", path(name))
}

/// Sleeps until one of the descriptors is readable, at most `millis` (-1: for ever).
pub fn sleep_on(fds: &[RawFd], millis: i32) -> bool {
    let mut entries: Vec<libc::pollfd> = fds
        .iter()
        .map(|&fd| libc::pollfd {
            fd,
            events: libc::POLLIN,
            revents: 0,
        })
        .collect();
    // SAFETY: the entries live for the call, and their number is passed.
    unsafe { libc::poll(entries.as_mut_ptr(), entries.len() as libc::nfds_t, millis) > 0 }
}

/// Bytes that depend on `seed` and differ along the message.
pub fn content(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

/// Serves `each` request until `stop` has something to read (or was closed).
pub fn serve(
    server: &mut Server,
    spin: SpinPolicy,
    stop: RawFd,
    ended: &mut dyn FnMut(Closed),
    each: &mut dyn FnMut(u32, Vec<u8>) -> Option<Vec<u8>>,
) {
    loop {
        while let Some(id) = server.poll(spin) {
            if let Ok(message) = server.take_vec(id)
                && let Some(reply) = each(id.0, message)
            {
                server.reply(id, &reply).unwrap();
            }
        }
        server.take_closed().into_iter().for_each(&mut *ended);
        if sleep_on(&[stop], 0) {
            return;
        }
        if server.arm() {
            sleep_on(&[server.bell_fd().as_raw_fd(), stop], -1);
            server.disarm();
        }
    }
}

/// A server in a thread of this process that sends everything back.
pub struct EchoServer {
    path: String,
    stop: Option<PipeWriter>,
    thread: Option<JoinHandle<()>>,
    ended: Receiver<Closed>,
}

impl EchoServer {
    /// Starts one at a path that no other test uses.
    pub fn start(name: &str) -> Self {
        Self::start_with(&BindOptions::new(path(name), TOKEN), SpinPolicy::default())
    }

    /// Starts one.
    pub fn start_with(options: &BindOptions, spin: SpinPolicy) -> Self {
        let mut server = Server::bind(options).unwrap();
        let (told, stop) = std::io::pipe().unwrap();
        let (sender, ended) = channel();
        let thread = std::thread::spawn(move || {
            let mut report = |closed| {
                let _ = sender.send(closed);
            };
            let mut echo = |_, message| Some(message);
            serve(&mut server, spin, told.as_raw_fd(), &mut report, &mut echo);
        });
        Self {
            path: options.path.clone(),
            stop: Some(stop),
            thread: Some(thread),
            ended,
        }
    }

    /// How to reach it.
    pub fn options(&self) -> ConnectOptions {
        ConnectOptions::new(&self.path, TOKEN)
    }

    /// The next connection that ended.
    pub fn next_ended(&self) -> Closed {
        self.ended.recv_timeout(Duration::from_secs(60)).unwrap()
    }
}

impl Drop for EchoServer {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}
