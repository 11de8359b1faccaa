//! The Python module `gem_shm`: the client's end of a shared-memory connection.
//!
//! One class, [`client::Client`], one exception, [`error::ShmError`], whose `code` is the
//! project's name of what went wrong, and one function, [`continued::continued`], for what a server
//! sends in parts. `gem_shm.pyi` describes them to type checkers.

mod client;
mod continued;
mod error;
mod options;
mod state;

/// Request and reply messages through shared memory.
#[pyo3::pymodule]
mod gem_shm {
    #[pymodule_export]
    use super::client::Client;
    #[pymodule_export]
    use super::continued::continued;
    #[pymodule_export]
    use super::error::ShmError;
    /// Version of the segment's layout that this module speaks; a server speaks exactly one.
    #[pymodule_export]
    const LAYOUT_VERSION: u32 = ::gem_shm::layout::VERSION;
}
