//! A client and a server in one process, two threads.
#![cfg(not(any(loom, miri)))]
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod common;

use common::{EchoServer, no_stop};
use gem_shm::{Client, SpinPolicy};

#[test]
fn messages_of_all_sizes_come_back() {
    let server = EchoServer::start("sizes");
    let mut client = Client::connect(&server.options()).unwrap();
    let sizes = [
        0,
        1,
        7,
        8,
        9,
        600,
        4096,
        100_000,
        262_136,
        262_137,
        1 << 20,
        5_000_001,
        64 << 20,
    ];
    for size in sizes {
        let message = common::content(1, size);
        client.send(&message, None, &mut no_stop).unwrap();
        let length = client
            .receive(None, SpinPolicy::default(), &mut no_stop)
            .unwrap();
        assert_eq!(length, size);
        assert!(client.take_vec().unwrap() == message, "size {size}");
    }
}
