//! What happens when the client's process forks.
#![cfg(all(target_os = "linux", not(any(loom, miri))))]
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod common;

use std::io::{BufRead, BufReader};

use common::child::{Role, variable};
use common::{EchoServer, no_stop, watchdog};
use gem_shm::{Client, CloseReason, ConnectOptions, ShmError, SpinPolicy};

/// Runs `body` in a forked child; its exit status.
fn in_child(body: impl FnOnce() -> bool) -> i32 {
    // SAFETY: the child runs `body`, which needs no other thread, and leaves without unwinding.
    let pid = unsafe { libc::fork() };
    assert!(pid >= 0);
    if pid == 0 {
        let code = i32::from(!body());
        // SAFETY: ends the child at once.
        unsafe { libc::_exit(code) };
    }
    let mut status = 0;
    // SAFETY: `status` lives for the call, and the child is this process's own.
    assert_eq!(unsafe { libc::waitpid(pid, &raw mut status, 0) }, pid);
    status
}

fn echo(client: &mut Client) {
    client.send(b"hello", watchdog(), &mut no_stop).unwrap();
    client
        .receive(watchdog(), SpinPolicy::NONE, &mut no_stop)
        .unwrap();
    assert_eq!(client.take_vec().unwrap(), b"hello");
}

/// Not a test by itself: connects, forks a child that lives on, says its number and waits.
#[test]
fn role() {
    let Some(path) = variable("GEM_TEST_PATH") else {
        return;
    };
    let mut client = Client::connect(&ConnectOptions::new(path, common::TOKEN)).unwrap();
    echo(&mut client);
    // SAFETY: the child only sleeps.
    let pid = unsafe { libc::fork() };
    if pid == 0 {
        loop {
            std::thread::park();
        }
    }
    tell_pid(pid);
    loop {
        std::thread::park();
    }
}

#[allow(clippy::print_stdout, reason = "the parent reads it")]
fn tell_pid(pid: i32) {
    println!("\nchild {pid}");
}

#[test]
fn a_client_is_dead_in_a_forked_child_and_alive_in_its_parent() {
    let server = EchoServer::start("fork");
    let mut client = Client::connect(&server.options()).unwrap();
    echo(&mut client);
    let status = in_child(|| {
        let forked = |result: Result<(), ShmError>| matches!(result, Err(ShmError::Forked));
        let all = forked(client.try_send(b"x").map(drop))
            && forked(client.send(b"x", None, &mut no_stop))
            && forked(client.try_peek().map(drop))
            && forked(client.wait(None, SpinPolicy::NONE).map(drop))
            && forked(client.take(&mut [0; 8]).map(drop))
            && forked(client.arm().map(drop));
        client.disarm();
        client.close();
        // SAFETY: reads the value once; the child never drops the original.
        drop(unsafe { std::ptr::read(&raw const client) });
        all
    });
    assert_eq!(status, 0);
    echo(&mut client);
}

#[test]
fn a_forked_child_can_open_its_own_connection() {
    let server = EchoServer::start("fork-anew");
    let mut client = Client::connect(&server.options()).unwrap();
    let options = server.options();
    let status = in_child(|| {
        let mut own = Client::connect(&options).unwrap();
        echo(&mut own);
        true
    });
    assert_eq!(status, 0);
    echo(&mut client);
}

#[test]
fn the_death_of_a_client_shows_although_its_forked_child_lives() {
    let server = EchoServer::start("fork-death");
    let path = server.options().path;
    let mut parent = Role::spawn(&[("GEM_TEST_PATH", &path)]);
    let output = BufReader::new(parent.process().stdout.take().unwrap());
    let line = output
        .lines()
        .map_while(Result::ok)
        .find(|line| line.starts_with("child "));
    let grandchild: i32 = line.unwrap()["child ".len()..].parse().unwrap();
    parent.signal(libc::SIGKILL);
    assert_eq!(server.next_ended().reason, CloseReason::HungUp);
    // SAFETY: the number was told by the parent, and the process lives until now.
    assert_eq!(unsafe { libc::kill(grandchild, libc::SIGKILL) }, 0);
}
