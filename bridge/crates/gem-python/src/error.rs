//! Errors of the connection as Python's exception.

use pyo3::exceptions::PyException;
use pyo3::prelude::*;

pyo3::create_exception!(
    gem_shm,
    ShmError,
    PyException,
    "A shared-memory connection failed; `code` is one of the project's GEM_* names."
);

/// The exception with its code.
pub(crate) fn raise(py: Python<'_>, error: &gem_shm::ShmError) -> PyErr {
    coded(py, error.code(), error.to_string())
}

/// An exception of this module with a code and a sentence.
pub(crate) fn coded(py: Python<'_>, code: &'static str, message: String) -> PyErr {
    let raised = ShmError::new_err(message);
    match raised.value(py).setattr("code", code) {
        Ok(()) => raised,
        Err(error) => error,
    }
}
