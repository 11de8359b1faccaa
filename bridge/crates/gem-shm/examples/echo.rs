//! A server and a client in two processes, and what a round trip of 200 and 600 bytes costs.
//!
//! `cargo run --release --example echo` measures; `echo server <path> <spin|sleep>` and
//! `echo client <path> <spin|sleep> <round trips>` are the two processes by themselves.
#![allow(clippy::print_stdout, reason = "the example's output is its purpose")]

use std::error::Error;
use std::io;
use std::os::fd::AsRawFd;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use gem_shm::{BindOptions, Client, ConnectOptions, Server, ShmError, SpinPolicy, Token};

const TOKEN: Token = *b"not a secret....";
const REQUEST: [u8; 200] = [3; 200];
const REPLY: [u8; 600] = [7; 600];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["server", path, how] => serve(path, spin(how)),
        ["client", path, how, count] => measure(path, how, count.parse()?),
        [] => both(),
        _ => {
            Err("usage: echo [server <path> <spin|sleep> | client <path> <spin|sleep> <n>]".into())
        }
    }
}

fn spin(how: &str) -> SpinPolicy {
    if how == "spin" {
        SpinPolicy::DEFAULT
    } else {
        SpinPolicy::NONE
    }
}

fn both() -> Result<(), Box<dyn Error>> {
    for (how, count) in [("spin", 200_000), ("sleep", 20_000)] {
        let path = std::env::temp_dir().join(format!("gem-echo-{}-{how}", std::process::id()));
        let path = path.to_str().ok_or("the temp folder's name is not UTF-8")?;
        let mut server = Command::new(std::env::current_exe()?)
            .args(["server", path, how])
            .stdin(Stdio::null())
            .spawn()?;
        let result = measure(path, how, count);
        server.wait()?;
        result?;
    }
    Ok(())
}

/// Serves until its first client has gone.
fn serve(path: &str, spin: SpinPolicy) -> Result<(), Box<dyn Error>> {
    let mut server = Server::bind(&BindOptions::new(path, TOKEN))?;
    let mut request = vec![0; 1 << 20];
    loop {
        while let Some(id) = server.poll(spin) {
            server.take(id, &mut request)?;
            server.reply(id, &REPLY)?;
        }
        if !server.take_closed().is_empty() {
            return Ok(());
        }
        if server.arm() {
            wait_readable(&server.bell_fd())?;
            server.disarm();
        }
    }
}

fn measure(path: &str, how: &str, count: usize) -> Result<(), Box<dyn Error>> {
    let spin = spin(how);
    let mut client = connect(path)?;
    let mut reply = vec![0; 1 << 20];
    let mut nanos = Vec::with_capacity(count);
    let begin = Instant::now();
    for _ in 0..count {
        let start = Instant::now();
        client.send(&REQUEST, None, &mut || false)?;
        client.receive_into(&mut reply, None, spin, &mut || false)?;
        nanos.push(start.elapsed().as_nanos());
    }
    #[expect(clippy::cast_precision_loss, reason = "for people")]
    let rate = count as f64 / begin.elapsed().as_secs_f64();
    nanos.sort_unstable();
    println!(
        "{how}: p50 {:.2} µs, p99 {:.2} µs, {rate:.0} round trips/s",
        micros(nanos[count / 2]),
        micros(nanos[count * 99 / 100]),
    );
    Ok(())
}

/// Connects as soon as the server listens.
fn connect(path: &str) -> Result<Client, ShmError> {
    let patience = Instant::now() + Duration::from_secs(5);
    loop {
        match Client::connect(&ConnectOptions::new(path, TOKEN)) {
            Err(ShmError::Io { .. }) if Instant::now() < patience => {
                std::thread::sleep(Duration::from_millis(1));
            }
            other => return other,
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "for people")]
fn micros(nanos: u128) -> f64 {
    nanos as f64 / 1000.0
}

fn wait_readable(fd: &impl AsRawFd) -> io::Result<()> {
    let mut entry = libc::pollfd {
        fd: fd.as_raw_fd(),
        events: libc::POLLIN,
        revents: 0,
    };
    // SAFETY: the one entry lives for the call.
    if unsafe { libc::poll(&raw mut entry, 1, -1) } < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}
