//! Peers that do not keep to the protocol, on either side.
#![cfg(all(target_os = "linux", not(any(loom, miri))))]
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod common;

use std::fs::File;
use std::os::fd::{AsRawFd, OwnedFd};

use common::raw::{self, SEALS};
use common::{EchoServer, TOKEN, content, no_stop, path, watchdog};
use gem_shm::{Backing, Client, CloseReason, ConnectOptions, Refusal, ShmError, SpinPolicy};

const RING: u32 = 4096;
const SIZE: u64 = 4096 * 3;
/// Offsets of the words in a segment (see `layout`).
const REQUEST_HEAD: u64 = 128;
const RESPONSE_TAIL: u64 = 640 + 128;
const REQUEST_DATA: u64 = 4096;

fn good_segment() -> File {
    raw::memfd(SIZE, &raw::header(RING, RING), SEALS)
}

fn works(server: &EchoServer) {
    let mut client = Client::connect(&server.options()).unwrap();
    echo(&mut client, 300);
}

fn echo(client: &mut Client, size: usize) {
    let message = content(7, size);
    client.send(&message, watchdog(), &mut no_stop).unwrap();
    client
        .receive(watchdog(), SpinPolicy::default(), &mut no_stop)
        .unwrap();
    assert!(client.take_vec().unwrap() == message);
}

/// The answer's code to a greeting with a segment.
fn greet(server: &EchoServer, packet: &[u8], descriptors: &[&dyn AsRawFd]) -> Option<u32> {
    let socket = raw::connect(&server.options().path);
    let descriptors: Vec<_> = descriptors.iter().map(|fd| fd.as_raw_fd()).collect();
    raw::send(&socket, packet, &descriptors);
    let answer = raw::receive(&socket);
    (!answer.is_empty()).then(|| raw::code(&answer))
}

#[test]
fn greetings_that_are_wrong_are_refused_with_the_reason() {
    let server = EchoServer::start("greetings");
    let segment = good_segment();
    let good = raw::hello(RING, RING);
    let with = |offset: usize, value: &[u8]| {
        let mut packet = good;
        packet[offset..offset + value.len()].copy_from_slice(value);
        packet
    };
    let word = |value: u32| value.to_le_bytes();
    let cases: &[([u8; 64], u32)] = &[
        (with(0, b"GET / HT"), 1),
        (with(8, &word(2)), 2),
        (with(16, b"another token..."), 3),
        (with(32, &word(8192)), 4),
        (with(32, &word(5000)), 4),
        (with(32, &word(0)), 4),
        (with(36, &word(1 << 31)), 4),
        (with(36, &word(u32::MAX)), 4),
        (with(40, &word(0)), 1),
        (with(40, &word(u32::MAX)), 1),
        (good, 0),
    ];
    for (packet, code) in cases {
        assert_eq!(greet(&server, packet, &[&segment]), Some(*code));
    }
    assert_eq!(greet(&server, &good[..63], &[&segment]), Some(1));
    assert_eq!(greet(&server, &good, &[]), Some(1));
    // Longer packets, and more descriptors than one.
    assert_eq!(greet(&server, &[0; 65], &[&segment]), Some(1));
    assert_eq!(
        greet(&server, &good, &[&segment, &segment, &segment]),
        Some(1)
    );
    works(&server);
}

#[test]
fn segments_that_are_wrong_are_refused() {
    let server = EchoServer::start("segments");
    let good = raw::hello(RING, RING);
    let header = raw::header(RING, RING);
    let folder = File::open(std::env::temp_dir()).unwrap();
    let null = File::open("/dev/null").unwrap();
    let writable = good_segment();
    let read_only = File::open(format!("/proc/self/fd/{}", writable.as_raw_fd())).unwrap();
    let named = path("named");
    std::fs::write(&named, vec![0; usize::try_from(SIZE).unwrap()]).unwrap();
    let named_file = File::options().read(true).write(true).open(&named).unwrap();
    raw::write_at(&named_file, 0, &header);
    let segments = [
        raw::memfd(SIZE - 1, &header, SEALS),
        raw::memfd(SIZE + 4096, &header, SEALS),
        raw::memfd(0, &[], SEALS),
        raw::memfd(SIZE, &raw::header(RING, 8192), SEALS),
        raw::memfd(SIZE, &[0; 32], SEALS),
        raw::memfd(SIZE, &[0xff; 32], SEALS),
        raw::memfd(SIZE, &header, SEALS | libc::F_SEAL_WRITE),
        folder,
        null,
        read_only,
        named_file,
    ];
    for (index, segment) in segments.iter().enumerate() {
        assert_eq!(
            greet(&server, &good, &[segment]),
            Some(4),
            "segment {index}"
        );
    }
    std::fs::remove_file(named).unwrap();
    works(&server);
}

#[test]
fn silent_connections_keep_nobody_out() {
    let server = EchoServer::start("silent");
    let silent: Vec<OwnedFd> = (0..20)
        .map(|_| raw::connect(&server.options().path))
        .collect();
    works(&server);
    // After the limit for a greeting the server hangs up.
    for socket in &silent {
        assert!(raw::receive(socket).is_empty());
    }
}

/// A greeted connection whose segment the test writes by hand.
fn raw_client(server: &EchoServer) -> (OwnedFd, File) {
    let segment = good_segment();
    let socket = raw::connect(&server.options().path);
    raw::send(&socket, &raw::hello(RING, RING), &[segment.as_raw_fd()]);
    assert_eq!(raw::code(&raw::receive(&socket)), 0);
    (socket, segment)
}

fn assert_thrown_out(server: &EchoServer, socket: &OwnedFd) {
    assert_eq!(server.next_ended().reason, CloseReason::Corrupt);
    while !raw::receive(socket).is_empty() {}
}

#[test]
fn impossible_positions_and_lengths_end_their_connection_only() {
    let server = EchoServer::start("positions");
    let mut witness = Client::connect(&server.options()).unwrap();
    let cases: &[(u64, &[u8])] = &[
        (REQUEST_HEAD, &4100u32.to_le_bytes()),
        (REQUEST_HEAD, &8192u32.to_le_bytes()),
        (REQUEST_HEAD, &(u32::MAX - 7).to_le_bytes()),
        (REQUEST_HEAD, &9u32.to_le_bytes()),
        (REQUEST_DATA, &u64::MAX.to_le_bytes()),
        (REQUEST_DATA, &(64u64 << 20).wrapping_add(1).to_le_bytes()),
    ];
    for (offset, bytes) in cases {
        let (socket, segment) = raw_client(&server);
        raw::write_at(&segment, *offset, bytes);
        if *offset == REQUEST_DATA {
            raw::write_at(&segment, REQUEST_HEAD, &16u32.to_le_bytes());
        }
        // The raw client does not ring; a neighbour makes the server look.
        echo(&mut witness, 10);
        assert_thrown_out(&server, &socket);
    }
    echo(&mut witness, 1000);
}

#[test]
fn an_impossible_tail_ends_the_connection_at_the_reply() {
    let server = EchoServer::start("tail");
    let mut witness = Client::connect(&server.options()).unwrap();
    let (socket, segment) = raw_client(&server);
    raw::write_at(&segment, RESPONSE_TAIL, &77u32.to_le_bytes());
    // Two requests whose replies fill the ring, and a third: now the server looks at the tail.
    for number in 0..3u32 {
        let place = u64::from(number % 2) * 2048;
        raw::write_at(&segment, REQUEST_DATA + place, &2040u64.to_le_bytes());
        raw::write_at(&segment, REQUEST_HEAD, &((number + 1) * 2048).to_le_bytes());
        echo(&mut witness, 10);
    }
    assert_thrown_out(&server, &socket);
}

#[test]
fn bytes_on_the_socket_end_the_connection() {
    let server = EchoServer::start("bytes");
    let (socket, _segment) = raw_client(&server);
    raw::send(&socket, b"hello?", &[]);
    assert_eq!(server.next_ended().reason, CloseReason::HungUp);
    works(&server);
}

#[test]
fn random_segments_do_the_server_no_harm() {
    let server = EchoServer::start("random");
    let mut witness = Client::connect(&server.options()).unwrap();
    for seed in 0..200 {
        let (_socket, segment) = raw_client(&server);
        let noise = content(seed, usize::try_from(SIZE).unwrap() - 128);
        raw::write_at(&segment, REQUEST_HEAD, &noise);
        if seed % 2 == 0 {
            raw::write_at(&segment, REQUEST_HEAD, &4096u32.to_le_bytes());
            raw::write_at(&segment, REQUEST_DATA, &(seed * 19).to_le_bytes());
        }
        echo(&mut witness, 10);
    }
    echo(&mut witness, 100_000);
}

/// A server that answers a greeting with `answer` and `descriptors`, and keeps the socket.
fn hostile_server(answer: Vec<u8>, with_bell: bool) -> Result<Client, ShmError> {
    let path = path("hostile");
    let listener = raw::listen(&path);
    let thread = std::thread::spawn(move || {
        let socket = raw::accept(&listener);
        raw::receive(&socket);
        let (_reader, bell) = std::io::pipe().unwrap();
        let descriptors = if with_bell {
            vec![bell.as_raw_fd()]
        } else {
            vec![]
        };
        if !answer.is_empty() {
            raw::send(&socket, &answer, &descriptors);
        }
    });
    let result = Client::connect(&ConnectOptions::new(&path, TOKEN));
    thread.join().unwrap();
    std::fs::remove_file(path).unwrap();
    result
}

#[test]
fn answers_that_are_wrong_are_errors() {
    let mut good = vec![0; 32];
    good[..12].copy_from_slice(&raw::hello(RING, RING)[..12]);
    good[24..28].copy_from_slice(&4096u32.to_le_bytes());
    let mut refusal = good.clone();
    refusal[16] = 99;
    assert!(matches!(
        hostile_server(vec![7; 32], true),
        Err(ShmError::Corrupt(_))
    ));
    assert!(matches!(
        hostile_server(good.clone(), false),
        Err(ShmError::Corrupt(_))
    ));
    assert!(matches!(
        hostile_server(vec![7; 33], true),
        Err(ShmError::Io { .. })
    ));
    assert!(matches!(
        hostile_server(vec![], true),
        Err(ShmError::Closed)
    ));
    let refused = hostile_server(refusal, false);
    assert!(matches!(
        refused,
        Err(ShmError::Refused(Refusal::Other(99)))
    ));
    let mut client = hostile_server(good, true).unwrap();
    let ended = client.receive(watchdog(), SpinPolicy::NONE, &mut no_stop);
    assert!(matches!(ended, Err(ShmError::Closed)));
}

#[test]
fn a_file_without_a_name_is_a_segment_too() {
    let server = EchoServer::start("file");
    let options = ConnectOptions {
        backing: Backing::File,
        request_bytes: RING,
        ..server.options()
    };
    let mut client = Client::connect(&options).unwrap();
    echo(&mut client, 300);
    echo(&mut client, 3_000_000);
}
