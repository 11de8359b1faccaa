//! Child processes that are the test binary itself, playing a role.

use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// A child that is killed when the test forgets it.
pub struct Role {
    child: Child,
}

impl Role {
    /// Runs the test `role` of this binary with environment variables; `role` must read them.
    pub fn spawn(variables: &[(&str, &str)]) -> Self {
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["role", "--exact", "--nocapture", "--test-threads=1"])
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Self { child }
    }

    /// The process.
    pub fn process(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Whether it was stopped by a signal.
    pub fn is_stopped(&self) -> bool {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        // pid (name) state …
        stat.rsplit(") ")
            .next()
            .is_some_and(|rest| rest.starts_with('T'))
    }

    /// Waits until it was stopped by a signal or ended; whether it was stopped.
    pub fn wait_stopped(&mut self) -> bool {
        let patience = Instant::now() + Duration::from_secs(60);
        loop {
            if self.is_stopped() {
                return true;
            }
            if self.child.try_wait().unwrap().is_some() {
                return false;
            }
            assert!(
                Instant::now() < patience,
                "the child does not reach the point"
            );
            std::thread::yield_now();
        }
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: i32) {
        let pid = i32::try_from(self.child.id()).unwrap();
        // SAFETY: the child was not waited for, so the number is still its own.
        assert_eq!(unsafe { libc::kill(pid, signal) }, 0);
    }

    /// Waits until it ended.
    pub fn wait(&mut self) -> ExitStatus {
        let patience = Instant::now() + Duration::from_secs(60);
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < patience, "the child does not end");
            std::thread::yield_now();
        }
    }

    /// Waits until it ended, and asserts that it was killed.
    pub fn assert_killed(&mut self, point: &str) {
        let status = self.wait();
        assert_eq!(status.signal(), Some(libc::SIGKILL), "{point}: {status}");
    }
}

impl Drop for Role {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The variable's value when this process plays a role.
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
