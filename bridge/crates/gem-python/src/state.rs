//! The connection while one thread uses it: how it sends and waits, with and without the GIL.

use std::time::{Duration, Instant};

use gem_shm::{ShmError, SpinPolicy, Spinner, Wait};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::error::raise;
use crate::options;

/// How long a wait looks for the reply before it gives the GIL away: another thread that computes
/// gives it back after milliseconds only.
const SPIN_ATTACHED: Duration = Duration::from_micros(10);

/// How long a wait looks for the reply after that, at most: a worker takes about as long to step some
/// hundred environments, and to wake a sleeping thread costs a good part of it.
const SPIN_DETACHED: Duration = Duration::from_micros(200);

/// A signal that arrives between the last look for one and the sleep interrupts no sleep, so a long
/// sleep is interrupted from time to time to look again.
const LOOK_FOR_SIGNALS: Duration = Duration::from_secs(1);

pub(crate) struct State {
    pub client: gem_shm::Client,
    spinner: Spinner,
    attached: SpinPolicy,
    detached: SpinPolicy,
}

impl State {
    pub(crate) fn new(client: gem_shm::Client) -> Self {
        let machine = SpinPolicy::for_this_machine();
        let longest = |total: Duration| SpinPolicy {
            total: if machine.total.is_zero() {
                Duration::ZERO
            } else {
                total
            },
            ..machine
        };
        Self {
            client,
            spinner: Spinner::new(),
            attached: longest(SPIN_ATTACHED),
            detached: longest(SPIN_DETACHED),
        }
    }

    /// Sends a message; without the GIL where it must wait for room, at most `timeout` seconds.
    pub(crate) fn send(
        &mut self,
        py: Python<'_>,
        data: &[u8],
        timeout: Option<f64>,
    ) -> PyResult<()> {
        if self.client.try_send(data).map_err(|e| raise(py, &e))? {
            return Ok(());
        }
        let deadline = options::deadline(timeout).map_err(|e| raise(py, &e))?;
        let client = &mut self.client;
        let mut raised = None;
        let result = py.detach(|| {
            client.send(data, deadline, &mut || {
                raised = check_signals().err();
                raised.is_some()
            })
        });
        match (result, raised) {
            (Ok(()), _) => Ok(()),
            (Err(ShmError::Interrupted), Some(raised)) => Err(raised),
            (Err(error), _) => Err(raise(py, &error)),
        }
    }

    /// Waits for a whole reply; whether it is there before the deadline.
    #[inline]
    pub(crate) fn wait(&mut self, py: Python<'_>, deadline: Option<Instant>) -> PyResult<bool> {
        let client = &mut self.client;
        let mut failure = None;
        let found = self
            .spinner
            .spin_until(self.attached, || match client.try_peek() {
                Ok(length) => length.is_some(),
                Err(error) => {
                    failure = Some(error);
                    true
                }
            });
        match failure {
            Some(error) => Err(raise(py, &error)),
            None if found => Ok(true),
            None => self.wait_detached(py, deadline),
        }
    }

    #[cold]
    fn wait_detached(&mut self, py: Python<'_>, deadline: Option<Instant>) -> PyResult<bool> {
        loop {
            let look = Instant::now() + LOOK_FOR_SIGNALS;
            let until = deadline.map_or(look, |deadline| deadline.min(look));
            let (client, spin) = (&mut self.client, self.detached);
            match py.detach(|| client.wait(Some(until), spin)) {
                Ok(Wait::Ready) => {
                    // The spinner judges by this look whether its spin was nearly long enough.
                    self.spinner.spin_until(self.attached, || true);
                    return Ok(true);
                }
                Ok(Wait::TimedOut | Wait::Interrupted) => py.check_signals()?,
                Err(error) => return Err(raise(py, &error)),
            }
            if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                return Ok(false);
            }
        }
    }

    /// Takes a reply that `wait` found.
    #[inline]
    pub(crate) fn take<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let length = self.client.try_peek().map_err(|e| raise(py, &e))?;
        PyBytes::new_with(py, length.unwrap_or(0), |bytes| {
            self.client.take(bytes).map_err(|e| raise(py, &e))?;
            Ok(())
        })
    }

    /// Waits for a whole reply and takes it; `None` at the deadline.
    #[inline]
    pub(crate) fn receive<'py>(
        &mut self,
        py: Python<'py>,
        deadline: Option<Instant>,
    ) -> PyResult<Option<Bound<'py, PyBytes>>> {
        if self.wait(py, deadline)? {
            self.take(py).map(Some)
        } else {
            Ok(None)
        }
    }
}

/// Runs the handlers of signals that have arrived; what one of them raised.
fn check_signals() -> PyResult<()> {
    Python::attach(|py| {
        py.check_signals()?;
        Ok(())
    })
}
