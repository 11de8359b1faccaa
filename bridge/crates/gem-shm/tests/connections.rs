//! Clients and servers that behave: many of them, limits, waits that are given up, endings.
#![cfg(all(target_os = "linux", not(any(loom, miri))))]
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod common;

use std::os::fd::AsRawFd;
use std::os::unix::thread::JoinHandleExt;
use std::time::{Duration, Instant};

use common::{EchoServer, TOKEN, abstract_path, content, no_stop, path, sleep_on, watchdog};
use gem_shm::{
    BindOptions, Client, CloseReason, ConnectOptions, Refusal, Server, ShmError, SpinPolicy, Wait,
};

const NOW: Option<Duration> = Some(Duration::ZERO);

fn soon(after: Option<Duration>) -> Option<Instant> {
    after.map(|after| Instant::now() + after)
}

fn server(name: &str) -> (Server, ConnectOptions) {
    let path = path(name);
    let server = Server::bind(&BindOptions::new(&path, TOKEN)).unwrap();
    let options = ConnectOptions {
        request_bytes: 4096,
        response_bytes: 4096,
        ..ConnectOptions::new(path, TOKEN)
    };
    (server, options)
}

/// Polls until a request is whole.
fn next(server: &mut Server) -> gem_shm::ConnectionId {
    let watchdog = watchdog().unwrap();
    loop {
        if let Some(id) = server.poll(SpinPolicy::DEFAULT) {
            return id;
        }
        assert!(Instant::now() < watchdog);
    }
}

#[test]
fn many_clients_in_many_threads_get_their_own_replies() {
    let server = EchoServer::start("many");
    std::thread::scope(|scope| {
        for thread in 0..16u64 {
            let options = server.options();
            scope.spawn(move || {
                for visit in 0..4 {
                    let mut client = Client::connect(&options).unwrap();
                    for round in 0..50u64 {
                        let size = usize::try_from((thread + visit) * round * 97 % 9000).unwrap();
                        let message = content(thread << 32 | round, size);
                        client.send(&message, watchdog(), &mut no_stop).unwrap();
                        let spin = SpinPolicy::default();
                        client.receive(watchdog(), spin, &mut no_stop).unwrap();
                        assert!(client.take_vec().unwrap() == message);
                    }
                }
            });
        }
    });
}

#[test]
fn a_full_server_refuses_until_somebody_leaves() {
    let mut bind = BindOptions::new(path("full"), TOKEN);
    bind.max_connections = 2;
    let server = EchoServer::start_with(&bind, SpinPolicy::NONE);
    let first = Client::connect(&server.options()).unwrap();
    let _second = Client::connect(&server.options()).unwrap();
    let third = Client::connect(&server.options());
    assert!(matches!(third, Err(ShmError::Refused(Refusal::Full))));
    drop(first);
    assert_eq!(server.next_ended().reason, CloseReason::HungUp);
    Client::connect(&server.options()).unwrap();
}

#[test]
fn limits_hold_in_both_directions() {
    let mut bind = BindOptions::new(path("limits"), TOKEN);
    bind.max_message = 1000;
    let mut server = Server::bind(&bind).unwrap();
    let mut options = ConnectOptions::new(&bind.path, TOKEN);
    options.max_message = 2000;
    let mut client = Client::connect(&options).unwrap();
    assert_eq!(client.max_request(), 1000);
    let refused = client.try_send(&[0; 1001]);
    assert!(matches!(
        refused,
        Err(ShmError::TooLarge {
            length: 1001,
            limit: 1000
        })
    ));
    assert!(client.try_send(&[0; 1000]).unwrap());
    let id = next(&mut server);
    assert!(matches!(
        server.reply(id, &[0; 2001]),
        Err(ShmError::TooLarge { .. })
    ));
    assert!(server.reply(id, &[0; 2000]).unwrap());
    for wrong in [0, 4095, 5000, 1 << 31] {
        options.request_bytes = wrong;
        assert!(matches!(
            Client::connect(&options),
            Err(ShmError::Invalid(_))
        ));
    }
}

#[test]
fn a_wait_that_was_given_up_in_the_middle_of_a_reply_goes_on_later() {
    let (mut server, options) = server("given-up");
    let mut client = Client::connect(&options).unwrap();
    assert!(client.try_send(b"?").unwrap());
    let id = next(&mut server);
    assert_eq!(server.take_vec(id).unwrap(), b"?");
    let reply = content(5, 100_000);
    assert!(server.reply(id, &reply).unwrap());
    let mut waits = 0;
    while client.wait(soon(NOW), SpinPolicy::NONE).unwrap() == Wait::TimedOut {
        waits += 1;
        assert!(server.poll(SpinPolicy::NONE).is_none());
    }
    assert!(waits > 10);
    assert!(client.take_vec().unwrap() == reply);
}

#[test]
fn a_request_given_up_in_its_middle_closes_and_at_its_beginning_does_not() {
    let (mut server, options) = server("send-given-up");
    let mut client = Client::connect(&options).unwrap();
    assert!(client.try_send(&[1; 4000]).unwrap());
    assert!(!client.try_send(&[2; 100]).unwrap());
    let late = client.send(&[2; 3000], soon(NOW), &mut no_stop);
    // 80 bytes were free, so a part of it went out.
    assert!(matches!(late, Err(ShmError::TimedOut)));
    assert!(client.is_closed());
    assert!(matches!(client.try_peek(), Err(ShmError::Closed)));

    let mut client = Client::connect(&options).unwrap();
    assert!(client.try_send(&[1; 4088]).unwrap());
    let late = client.send(&[2; 3000], soon(NOW), &mut no_stop);
    assert!(matches!(late, Err(ShmError::TimedOut)));
    for length in [4000, 4088] {
        let id = next(&mut server);
        assert_eq!(server.take_vec(id).unwrap().len(), length);
    }
    client
        .send(b"still here", watchdog(), &mut no_stop)
        .unwrap();
    let id = next(&mut server);
    assert_eq!(server.take_vec(id).unwrap(), b"still here");
    let closed = server.take_closed();
    assert_eq!(closed.len(), 1, "{closed:?}");
}

#[test]
fn whole_requests_of_a_client_that_left_are_served_first() {
    let (mut server, options) = server("left");
    let mut client = Client::connect(&options).unwrap();
    for number in 0..3u8 {
        assert!(client.try_send(&[number; 100]).unwrap());
    }
    drop(client);
    for number in 0..3u8 {
        let id = next(&mut server);
        assert_eq!(server.message_len(id), Some(100));
        assert_eq!(server.take_vec(id).unwrap(), [number; 100]);
    }
    let patience = watchdog().unwrap();
    let closed = loop {
        assert!(server.poll(SpinPolicy::NONE).is_none());
        assert!(Instant::now() < patience);
        if let Some(closed) = server.take_closed().pop() {
            break closed;
        }
    };
    assert_eq!(closed.reason, CloseReason::HungUp);
    assert!(!server.reply(closed.id, b"too late").unwrap());
    assert!(matches!(server.take_vec(closed.id), Err(ShmError::Closed)));
}

#[test]
fn replies_written_before_the_server_went_are_received() {
    let (mut server, options) = server("last-words");
    let mut client = Client::connect(&options).unwrap();
    assert!(client.try_send(b"?").unwrap());
    let id = next(&mut server);
    assert!(server.reply(id, b"goodbye").unwrap());
    let path = options.path;
    assert!(std::fs::exists(&path).unwrap());
    server.close();
    server.close();
    assert!(!std::fs::exists(&path).unwrap());
    client
        .receive(None, SpinPolicy::NONE, &mut no_stop)
        .unwrap();
    assert_eq!(client.take_vec().unwrap(), b"goodbye");
    let ended = client.receive(None, SpinPolicy::NONE, &mut no_stop);
    assert!(matches!(ended, Err(ShmError::Closed)));
}

#[test]
fn armed_sides_wake_each_other_through_their_descriptors() {
    let (mut server, options) = server("armed");
    let mut client = Client::connect(&options).unwrap();
    while !server.arm() {}
    server.disarm();
    assert!(server.arm());
    assert!(!sleep_on(&[server.bell_fd().as_raw_fd()], 0));
    assert!(client.try_send(b"wake up").unwrap());
    assert!(sleep_on(&[server.bell_fd().as_raw_fd()], -1));
    server.disarm();
    assert!(!server.arm(), "a request is there");
    assert!(client.arm().unwrap());
    assert!(!sleep_on(&[client.fd().as_raw_fd()], 0));
    let id = next(&mut server);
    server.take_vec(id).unwrap();
    // More than the ring holds: armed, the server hears when there is room for the rest.
    assert!(server.arm());
    let reply = content(1, 10_000);
    assert!(server.reply(id, &reply).unwrap());
    assert!(sleep_on(&[client.fd().as_raw_fd()], -1));
    client.disarm();
    while client.try_peek().unwrap().is_none() {
        assert!(sleep_on(&[server.bell_fd().as_raw_fd()], -1));
        server.disarm();
        assert!(server.poll(SpinPolicy::NONE).is_none());
        server.arm();
    }
    assert!(!client.arm().unwrap());
    assert!(client.take_vec().unwrap() == reply);
}

#[test]
fn a_signal_ends_a_wait() {
    extern "C" fn ignore(_signal: i32) {}
    // SAFETY: an action is plain data for which all zero bytes are a value: no flags, no mask.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    action.sa_sigaction = ignore as extern "C" fn(i32) as libc::sighandler_t;
    // SAFETY: the action lives for the call, and its handler does nothing.
    let set = unsafe { libc::sigaction(libc::SIGUSR1, &raw const action, std::ptr::null_mut()) };
    assert_eq!(set, 0);

    let (_server, options) = server("signal");
    let mut client = Client::connect(&options).unwrap();
    let waiter = std::thread::spawn(move || {
        let mut asked = 0;
        let mut stop = || {
            asked += 1;
            asked == 2
        };
        client.receive(None, SpinPolicy::NONE, &mut stop)
    });
    let thread = waiter.as_pthread_t();
    while !waiter.is_finished() {
        // SAFETY: the thread was not joined yet.
        unsafe { libc::pthread_kill(thread, libc::SIGUSR1) };
        std::thread::yield_now();
    }
    assert!(matches!(waiter.join().unwrap(), Err(ShmError::Interrupted)));
}

#[test]
fn a_dead_servers_path_is_taken_over_and_a_living_ones_is_not() {
    let path = path("stale");
    drop(common::raw::listen(&path));
    assert!(std::fs::exists(&path).unwrap());
    let _server = Server::bind(&BindOptions::new(&path, TOKEN)).unwrap();
    let second = Server::bind(&BindOptions::new(&path, TOKEN));
    assert!(matches!(second, Err(ShmError::Io { .. })));
    Client::connect(&ConnectOptions::new(&path, TOKEN)).unwrap();
}

#[test]
fn an_abstract_name_leaves_no_file_and_is_free_again_at_once() {
    let path = abstract_path("name");
    for _ in 0..3 {
        let server = Server::bind(&BindOptions::new(&path, TOKEN)).unwrap();
        Client::connect(&ConnectOptions::new(&path, TOKEN)).unwrap();
        drop(server);
    }
    let gone = Client::connect(&ConnectOptions::new(&path, TOKEN));
    assert!(matches!(gone, Err(ShmError::Io { .. })));
}

#[test]
fn a_wrong_token_is_refused() {
    let (_server, options) = server("token");
    let options = ConnectOptions {
        token: [0; 16],
        ..options
    };
    let refused = Client::connect(&options);
    assert!(matches!(refused, Err(ShmError::Refused(Refusal::Token))));
}
