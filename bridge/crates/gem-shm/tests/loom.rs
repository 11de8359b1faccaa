//! Models of the ring and of its sleep/wake protocol: every interleaving and every value that the
//! memory model allows a load to see, within the limits set below.
//!
//! `RUSTFLAGS="--cfg loom" cargo test --release --test loom`
#![cfg(loom)]
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use gem_shm::ring::{Consumer, Producer};
use gem_shm::{HeapMemory, Inbox, Outbox};
use loom::sync::{Arc, Condvar, Mutex};
use loom::thread;

const LIMIT: u32 = 1 << 10;

/// What a pipe or a socket is to the protocol: rings are kept until they are heard, and a wait
/// without a ring lasts for ever (which loom reports as a deadlock).
#[derive(Clone)]
struct Bell(Arc<(Mutex<bool>, Condvar)>);

impl Bell {
    fn new() -> Self {
        Self(Arc::new((Mutex::new(false), Condvar::new())))
    }

    fn ring(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_one();
    }

    fn wait(&self) {
        let mut rung = self.0.0.lock().unwrap();
        while !*rung {
            rung = self.0.1.wait(rung).unwrap();
        }
        *rung = false;
    }
}

fn model(preemptions: usize, body: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(preemptions);
    builder.check(body);
}

/// Receives one message, asleep while there is none.
fn receive(inbox: &mut Inbox<HeapMemory>, own: &Bell, peer: &Bell) -> Vec<u8> {
    loop {
        for armed in [false, true] {
            if armed {
                inbox.arm();
            }
            let whole = inbox.poll().unwrap().is_some();
            if inbox.must_wake() {
                peer.ring();
            }
            if whole {
                inbox.disarm();
                let message = inbox.take_vec().unwrap();
                if inbox.must_wake() {
                    peer.ring();
                }
                return message;
            }
        }
        own.wait();
        inbox.disarm();
    }
}

/// Writes what waits, asleep while there is no room.
fn flush(outbox: &mut Outbox<HeapMemory>, own: &Bell, peer: &Bell) {
    loop {
        for armed in [false, true] {
            if armed {
                outbox.arm();
            }
            let done = outbox.flush().unwrap();
            if outbox.must_wake() {
                peer.ring();
            }
            if done {
                outbox.disarm();
                return;
            }
        }
        own.wait();
        outbox.disarm();
    }
}

fn exchange(capacity: u32, position: u32, messages: &'static [&'static [u8]]) {
    let memory = HeapMemory::new(capacity, position);
    let (reader_bell, writer_bell) = (Bell::new(), Bell::new());
    let mut inbox = Inbox::new(Consumer::new(memory.clone(), position, LIMIT));
    let writer = {
        let (reader_bell, writer_bell) = (reader_bell.clone(), writer_bell.clone());
        thread::spawn(move || {
            let mut outbox = Outbox::new(Producer::new(memory, position));
            for message in messages {
                outbox.push(message).unwrap();
                if outbox.must_wake() {
                    reader_bell.ring();
                }
                flush(&mut outbox, &writer_bell, &reader_bell);
            }
        })
    };
    for message in messages {
        assert_eq!(receive(&mut inbox, &reader_bell, &writer_bell), *message);
    }
    writer.join().unwrap();
}

#[test]
fn a_reader_that_goes_to_sleep_is_always_woken() {
    model(4, || exchange(16, 0, &[b"one"]));
}

#[test]
fn a_writer_that_waits_for_room_is_always_woken() {
    // The ring holds exactly one message, so the second waits for the first to be taken.
    model(3, || exchange(16, 0, &[b"one", b"two"]));
}

#[test]
fn a_message_larger_than_the_ring_streams_through_it() {
    model(3, || exchange(8, 0, &[b"0123456789"]));
}

#[test]
fn positions_wrap_at_the_end_of_their_numbers() {
    model(3, || exchange(16, u32::MAX - 7, &[b"one", b"two"]));
}

#[test]
fn bytes_are_seen_whole_without_any_sleep() {
    model(3, || {
        let memory = HeapMemory::new(32, 0);
        let mut consumer = Inbox::new(Consumer::new(memory.clone(), 0, LIMIT));
        let writer = thread::spawn(move || {
            let mut producer = Producer::new(memory, 0);
            for message in [&b"first"[..], b"second!", b"3"] {
                while !producer.try_push(message).unwrap() {
                    thread::yield_now();
                }
            }
        });
        for message in [&b"first"[..], b"second!", b"3"] {
            while consumer.poll().unwrap().is_none() {
                thread::yield_now();
            }
            assert_eq!(consumer.take_vec().unwrap(), message);
        }
        writer.join().unwrap();
    });
}

#[test]
fn both_directions_of_a_connection_sleep_on_one_bell_each() {
    model(2, || {
        let (requests, replies) = (HeapMemory::new(16, 0), HeapMemory::new(16, 0));
        let (client_bell, server_bell) = (Bell::new(), Bell::new());
        let mut outbox = Outbox::new(Producer::new(requests.clone(), 0));
        let mut inbox = Inbox::new(Consumer::new(replies.clone(), 0, LIMIT));
        let server = {
            let (client_bell, server_bell) = (client_bell.clone(), server_bell.clone());
            thread::spawn(move || {
                let mut inbox = Inbox::new(Consumer::new(requests, 0, LIMIT));
                let mut outbox = Outbox::new(Producer::new(replies, 0));
                let message = receive(&mut inbox, &server_bell, &client_bell);
                outbox.push(&message).unwrap();
                if outbox.must_wake() {
                    client_bell.ring();
                }
            })
        };
        outbox.push(b"ping").unwrap();
        if outbox.must_wake() {
            server_bell.ring();
        }
        assert_eq!(receive(&mut inbox, &client_bell, &server_bell), b"ping");
        server.join().unwrap();
    });
}
