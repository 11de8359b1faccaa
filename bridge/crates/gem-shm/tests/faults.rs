//! One side is killed or stopped at every state of the state machine; the other one notices, goes
//! on, and nothing remains.
#![cfg(not(any(loom, miri)))]
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod common;

use std::io::Write;
use std::os::fd::AsRawFd;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use common::child::{Role, variable};
use common::resources::Resources;
use common::{EchoServer, TOKEN, abstract_path, content, no_stop, watchdog};
use gem_shm::fault::{CLIENT_POINTS, SERVER_POINTS};
use gem_shm::{BindOptions, Client, ConnectOptions, Server, ShmError, SpinPolicy};

/// Resources are counted per process, so one test runs at a time.
fn alone() -> MutexGuard<'static, ()> {
    static ONE: Mutex<()> = Mutex::new(());
    ONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Small rings, so that messages stream and replies queue.
fn options(path: &str) -> ConnectOptions {
    ConnectOptions {
        request_bytes: 4096,
        response_bytes: 4096,
        ..ConnectOptions::new(path, TOKEN)
    }
}

/// One connection from its beginning to its end, with a small and a streamed message.
fn visit(path: &str, round: u64) -> Result<(), ShmError> {
    let mut client = Client::connect(&options(path))?;
    for size in [200, 50_000] {
        let message = content(round, size);
        client.send(&message, watchdog(), &mut no_stop)?;
        client.receive(watchdog(), SpinPolicy::NONE, &mut no_stop)?;
        assert!(client.take_vec()? == message);
    }
    Ok(())
}

/// Not a test by itself: what child processes run.
#[test]
fn role() {
    let Some(path) = variable("GEM_TEST_PATH") else {
        return;
    };
    let rounds: u64 = variable("GEM_TEST_ROUNDS").map_or(500, |rounds| rounds.parse().unwrap());
    match variable("GEM_TEST_ROLE").as_deref() {
        Some("client") => (0..rounds).for_each(|round| visit(&path, round).unwrap()),
        Some("server") => {
            let mut server = Server::bind(&BindOptions::new(&path, TOKEN)).unwrap();
            let mut echo = |_, message| Some(message);
            let stop = std::io::stdin().as_raw_fd();
            common::serve(&mut server, SpinPolicy::NONE, stop, &mut |_| {}, &mut echo);
            server.close();
        }
        _ => unreachable!("the role is unknown"),
    }
}

fn spawn(role: &str, path: &str, rounds: &str, fault: &str) -> Role {
    Role::spawn(&[
        ("GEM_TEST_ROLE", role),
        ("GEM_TEST_PATH", path),
        ("GEM_TEST_ROUNDS", rounds),
        ("GEM_SHM_FAULT", fault),
    ])
}

/// Visits until the server is gone; how that showed.
fn visit_until_gone(path: &str) -> ShmError {
    let patience = Instant::now() + Duration::from_secs(60);
    let mut was_there = false;
    for round in 0.. {
        assert!(
            Instant::now() < patience,
            "the server does not reach the point"
        );
        match visit(path, round) {
            Ok(()) => was_there = true,
            // It has not begun to listen yet.
            Err(ShmError::Io { .. }) if !was_there && round < 2000 => {
                std::thread::sleep(Duration::from_millis(1));
            }
            Err(error) => return error,
        }
    }
    unreachable!("the loop returns")
}

#[test]
fn a_client_killed_at_any_state_leaves_a_server_that_serves_on() {
    let _alone = alone();
    let before = Resources::now();
    for point in CLIENT_POINTS {
        for hit in [1, 4] {
            let path = abstract_path("killed-client");
            let bind = BindOptions::new(&path, TOKEN);
            let server = EchoServer::start_with(&bind, SpinPolicy::NONE);
            spawn("client", &path, "500", &format!("{point}:kill:{hit}")).assert_killed(point);
            visit(&path, 1).unwrap();
            drop(server);
            before.assert_restored();
        }
    }
}

#[test]
fn a_server_killed_at_any_state_is_noticed_by_its_clients() {
    let _alone = alone();
    let before = Resources::now();
    for point in SERVER_POINTS
        .iter()
        .filter(|point| **point != "server:closing")
    {
        for hit in [1, 4] {
            if *point == "server:bound" && hit > 1 {
                continue;
            }
            let path = abstract_path("killed-server");
            let mut server = spawn("server", &path, "0", &format!("{point}:kill:{hit}"));
            if *point == "server:bound" {
                server.assert_killed(point);
                assert!(matches!(visit(&path, 0), Err(ShmError::Io { .. })));
            } else {
                let error = visit_until_gone(&path);
                let noticed = matches!(error, ShmError::Closed | ShmError::Io { .. });
                assert!(noticed, "{point}: {error}");
                server.assert_killed(point);
            }
            drop(server);
            before.assert_restored();
        }
    }
}

#[test]
fn a_server_killed_while_it_closes_is_noticed_by_its_clients() {
    let _alone = alone();
    let path = abstract_path("killed-closing");
    let mut server = spawn("server", &path, "0", "server:closing:kill");
    let patience = Instant::now() + Duration::from_secs(60);
    let mut client = loop {
        match Client::connect(&options(&path)) {
            Ok(client) => break client,
            Err(error) => assert!(Instant::now() < patience, "{error}"),
        }
    };
    server
        .process()
        .stdin
        .take()
        .unwrap()
        .write_all(b"stop")
        .unwrap();
    let ended = client.receive(watchdog(), SpinPolicy::NONE, &mut no_stop);
    assert!(matches!(ended, Err(ShmError::Closed)));
    server.assert_killed("server:closing");
}

#[test]
fn a_client_stopped_at_any_state_delays_nobody_and_goes_on() {
    let _alone = alone();
    for point in CLIENT_POINTS {
        let path = abstract_path("stopped-client");
        let bind = BindOptions::new(&path, TOKEN);
        let server = EchoServer::start_with(&bind, SpinPolicy::NONE);
        let mut child = spawn("client", &path, "200", &format!("{point}:stop:2"));
        assert!(child.wait_stopped(), "{point}");
        visit(&path, 1).unwrap();
        child.signal(libc::SIGCONT);
        assert!(child.wait().success(), "{point}");
        drop(server);
    }
}

#[test]
fn a_server_stopped_at_any_state_goes_on_where_it_was() {
    let _alone = alone();
    for point in SERVER_POINTS
        .iter()
        .filter(|point| **point != "server:closing")
    {
        let path = abstract_path("stopped-server");
        let mut child = spawn("server", &path, "0", &format!("{point}:stop:1"));
        let visitor = {
            let path = path.clone();
            std::thread::spawn(move || {
                let patience = Instant::now() + Duration::from_secs(60);
                let mut visits = 0;
                while visits < 10 {
                    match visit(&path, visits) {
                        Ok(()) => visits += 1,
                        // It has not begun to listen, or was stopped during a greeting.
                        Err(error) => assert!(Instant::now() < patience, "{error}"),
                    }
                }
            })
        };
        assert!(child.wait_stopped(), "{point}");
        child.signal(libc::SIGCONT);
        visitor.join().unwrap();
        drop(child.process().stdin.take());
        assert!(child.wait().success(), "{point}");
    }
}
