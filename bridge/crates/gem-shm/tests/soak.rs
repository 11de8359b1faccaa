//! Messages of random sizes under random kills and stops: none lost, none twice, none changed,
//! nothing left. `GEM_SHM_SOAK=1000000 cargo test --release --features fault-points --test soak`.
#![cfg(all(target_os = "linux", not(any(loom, miri))))]
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod common;

use std::collections::HashMap;
use std::os::fd::AsRawFd;
use std::os::unix::process::ExitStatusExt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use common::child::{Role, variable};
use common::resources::Resources;
use common::{TOKEN, abstract_path, content, no_stop, watchdog};
use gem_shm::fault::CLIENT_POINTS;
use gem_shm::{BindOptions, Client, ConnectOptions, Server, SpinPolicy};

/// Client processes at the same time.
const CLIENTS: u64 = 3;

/// A number that looks random and is the same in every run.
fn pick(seed: u64, below: u64) -> u64 {
    u64::from_le_bytes(content(seed, 8).try_into().unwrap()) % below
}

/// Mostly small, now and then larger than the ring.
fn size_of(seed: u64) -> usize {
    let largest = if pick(seed ^ 0x55, 50) == 0 {
        60_000
    } else {
        900
    };
    16 + usize::try_from(pick(seed, largest)).unwrap()
}

/// Message `number` of connection `key`: both numbers, then bytes that follow from them.
fn message(key: u64, number: u64) -> Vec<u8> {
    let seed = key << 32 | number;
    let mut message = content(seed, size_of(seed));
    message[..8].copy_from_slice(&key.to_le_bytes());
    message[8..16].copy_from_slice(&number.to_le_bytes());
    message
}

fn numbers(message: &[u8]) -> (u64, u64) {
    let word = |from: usize| u64::from_le_bytes(message[from..from + 8].try_into().unwrap());
    (word(0), word(8))
}

/// Not a test by itself: a client that sends until it is killed or has sent enough.
#[test]
fn role() {
    let Some(path) = variable("GEM_TEST_PATH") else {
        return;
    };
    let life: u64 = variable("GEM_TEST_LIFE").unwrap().parse().unwrap();
    let mut number_of_connection = 0;
    let mut left = 400;
    while left > 0 {
        let mut client = Client::connect(&ConnectOptions {
            request_bytes: 4096,
            response_bytes: 8192,
            ..ConnectOptions::new(&path, TOKEN)
        })
        .unwrap();
        let key = life << 8 | number_of_connection;
        number_of_connection += 1;
        for number in 0..100 {
            let expected = message(key, number);
            client.send(&expected, watchdog(), &mut no_stop).unwrap();
            client
                .receive(watchdog(), SpinPolicy::DEFAULT, &mut no_stop)
                .unwrap();
            assert!(client.take_vec().unwrap() == expected);
            left -= 1;
        }
    }
}

/// What the server saw of each connection.
#[derive(Default)]
struct Ledger {
    next: HashMap<u32, (u64, u64)>,
    seen: HashMap<u64, u32>,
}

impl Ledger {
    /// Notes a message; it must be the one that follows the connection's last, unchanged.
    fn note(&mut self, connection: u32, received: &[u8]) {
        let (key, number) = numbers(received);
        let next = self.next.entry(connection).or_insert((key, 0));
        assert_eq!(*next, (key, number), "lost, twice, or another connection's");
        assert!(received == message(key, number), "changed on the way");
        next.1 += 1;
        let owner = *self.seen.entry(key).or_insert(connection);
        assert_eq!(owner, connection, "one client's connection seen as two");
    }
}

#[test]
fn nothing_is_lost_doubled_or_changed_under_kills_and_stops() {
    let before = Resources::now();
    let wanted: u64 = variable("GEM_SHM_SOAK").map_or(20_000, |count| count.parse().unwrap());
    let path = abstract_path("soak");
    let count = Arc::new(AtomicU64::new(0));
    let ledger = Arc::new(Mutex::new(Ledger::default()));
    let (told, stop) = std::io::pipe().unwrap();
    let mut server = Server::bind(&BindOptions::new(&path, TOKEN)).unwrap();
    let serving = {
        let (count, ledger) = (Arc::clone(&count), Arc::clone(&ledger));
        std::thread::spawn(move || {
            let mut each = |connection, received: Vec<u8>| {
                ledger.lock().unwrap().note(connection, &received);
                count.fetch_add(1, Ordering::Relaxed);
                Some(received)
            };
            let spin = SpinPolicy::default();
            common::serve(&mut server, spin, told.as_raw_fd(), &mut |_| {}, &mut each);
            assert_eq!(
                server.connections().count(),
                0,
                "a connection outlived its client"
            );
        })
    };
    let (killed, stopped) = (AtomicU64::new(0), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for lane in 0..CLIENTS {
            let (path, count) = (&path, &count);
            let (killed, stopped) = (&killed, &stopped);
            scope.spawn(move || {
                let mut life = lane;
                while count.load(Ordering::Relaxed) < wanted {
                    life += CLIENTS;
                    match live(path, life) {
                        Fate::Killed => killed.fetch_add(1, Ordering::Relaxed),
                        Fate::Stopped => stopped.fetch_add(1, Ordering::Relaxed),
                        Fate::LeftAlone => 0,
                    };
                }
            });
        }
    });
    wait_until_all_left(&before);
    drop(stop);
    serving.join().unwrap();
    before.assert_restored();
    let faults = (killed.into_inner(), stopped.into_inner());
    assert!(faults.0 > 10 && faults.1 > 3, "too few faults: {faults:?}");
}

/// What became of a client process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Killed,
    Stopped,
    LeftAlone,
}

/// One client process: left alone, killed somewhere, or stopped somewhere and continued.
fn live(path: &str, life: u64) -> Fate {
    let point = CLIENT_POINTS[usize::try_from(pick(life, CLIENT_POINTS.len() as u64)).unwrap()];
    let action = ["kill", "kill", "stop"][usize::try_from(pick(life ^ 0xaa, 3)).unwrap()];
    let fault = format!("{point}:{action}:{}", 1 + pick(life ^ 0xff, 60));
    let mut child = Role::spawn(&[
        ("GEM_TEST_PATH", path),
        ("GEM_TEST_LIFE", &life.to_string()),
        ("GEM_SHM_FAULT", &fault),
    ]);
    let was_stopped = action == "stop" && child.wait_stopped();
    if was_stopped {
        child.signal(libc::SIGCONT);
    }
    let status = child.wait();
    match ExitStatusExt::signal(&status) {
        Some(libc::SIGKILL) if action == "kill" => Fate::Killed,
        _ => {
            assert!(status.success(), "{fault}: {status}");
            if was_stopped {
                Fate::Stopped
            } else {
                Fate::LeftAlone
            }
        }
    }
}

/// Waits until this process holds no segment any more: the server let go of every connection.
fn wait_until_all_left(before: &Resources) {
    let patience = watchdog().unwrap();
    while !before.same_mappings(&Resources::now()) {
        assert!(std::time::Instant::now() < patience, "a segment remains");
        std::thread::yield_now();
    }
}
