//! The class `Client`.

use std::os::fd::{AsRawFd, RawFd};
use std::sync::{Mutex, MutexGuard, TryLockError};
use std::time::Instant;

use gem_shm::ShmError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::error::{coded, raise};
use crate::options::{self, Wanted};
use crate::state::State;

/// The client's end of a shared-memory connection; one call at a time, from any thread.
#[pyclass(module = "gem_shm", frozen)]
pub(crate) struct Client {
    /// Nothing once it is closed.
    state: Mutex<Option<State>>,
}

#[pymethods]
impl Client {
    /// Connects to the server that listens at `path` and announced `token`.
    #[new]
    #[pyo3(signature = (path, token, *, request_bytes=None, response_bytes=None, max_message=None, timeout=None))]
    fn new(
        py: Python<'_>,
        path: &str,
        token: &[u8],
        request_bytes: Option<u32>,
        response_bytes: Option<u32>,
        max_message: Option<u32>,
        timeout: Option<f64>,
    ) -> PyResult<Self> {
        let wanted = Wanted {
            path,
            token,
            request_bytes,
            response_bytes,
            max_message,
            timeout,
        };
        let connected = wanted
            .options()
            .and_then(|options| py.detach(|| gem_shm::Client::connect(&options)));
        let client = connected.map_err(|error| raise(py, &error))?;
        Ok(Self {
            state: Mutex::new(Some(State::new(client))),
        })
    }

    /// Sends a message; waits at most `timeout` seconds for room (None: as long as it takes).
    #[pyo3(signature = (data, timeout=None))]
    fn send(&self, py: Python<'_>, data: &[u8], timeout: Option<f64>) -> PyResult<()> {
        self.using(py, |state| state.send(py, data, timeout))
    }

    /// Takes the next message; None when none arrived within `timeout` seconds (None: for ever).
    #[pyo3(signature = (timeout=None))]
    fn receive<'py>(
        &self,
        py: Python<'py>,
        timeout: Option<f64>,
    ) -> PyResult<Option<Bound<'py, PyBytes>>> {
        let deadline = deadline(py, timeout)?;
        self.using(py, |state| state.receive(py, deadline))
    }

    /// Waits for a message without taking it; False when none arrived within `timeout` seconds.
    #[pyo3(signature = (timeout=None))]
    fn wait(&self, py: Python<'_>, timeout: Option<f64>) -> PyResult<bool> {
        let deadline = deadline(py, timeout)?;
        self.using(py, |state| state.wait(py, deadline))
    }

    /// Sends a message and takes the next one; None when it did not arrive within `timeout` seconds.
    /// Sending may take `send_timeout` seconds: a message that was sent in part ends the connection.
    #[pyo3(signature = (data, timeout=None, send_timeout=None))]
    fn exchange<'py>(
        &self,
        py: Python<'py>,
        data: &[u8],
        timeout: Option<f64>,
        send_timeout: Option<f64>,
    ) -> PyResult<Option<Bound<'py, PyBytes>>> {
        self.using(py, |state| {
            state.send(py, data, send_timeout)?;
            let deadline = deadline(py, timeout)?;
            state.receive(py, deadline)
        })
    }

    /// Announces that the caller is about to sleep until `fileno()` is readable; False when there is
    /// something to receive already.
    fn arm(&self, py: Python<'_>) -> PyResult<bool> {
        self.using(py, |state| {
            state.client.arm().map_err(|error| raise(py, &error))
        })
    }

    /// Takes the announcement back, after waking.
    fn disarm(&self, py: Python<'_>) -> PyResult<()> {
        self.using(py, |state| {
            state.client.disarm();
            Ok(())
        })
    }

    /// The descriptor that becomes readable when an armed client must look again.
    fn fileno(&self, py: Python<'_>) -> PyResult<RawFd> {
        self.using(py, |state| Ok(state.client.fd().as_raw_fd()))
    }

    /// Hangs up; twice is fine. What was sent is still served.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        *self.lock(py)? = None;
        Ok(())
    }
}

impl Client {
    #[inline]
    fn using<T>(
        &self,
        py: Python<'_>,
        call: impl FnOnce(&mut State) -> PyResult<T>,
    ) -> PyResult<T> {
        match self.lock(py)?.as_mut() {
            Some(state) => call(state),
            None => Err(raise(py, &ShmError::Closed)),
        }
    }

    #[inline]
    fn lock(&self, py: Python<'_>) -> PyResult<MutexGuard<'_, Option<State>>> {
        match self.state.try_lock() {
            Ok(state) => Ok(state),
            Err(TryLockError::Poisoned(poisoned)) => Ok(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => Err(coded(
                py,
                "GEM_INVALID_STATE",
                "Another thread is in the middle of a call on this connection; use one connection \
                 per thread."
                    .into(),
            )),
        }
    }
}

#[inline]
fn deadline(py: Python<'_>, seconds: Option<f64>) -> PyResult<Option<Instant>> {
    options::deadline(seconds).map_err(|error| raise(py, &error))
}
