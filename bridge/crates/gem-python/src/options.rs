//! What callers pass, as the connection takes it.

use std::time::{Duration, Instant};

use gem_shm::{ConnectOptions, ShmError, TOKEN_BYTES};

/// What a connection is opened with. Sizes are bytes, the timeout is seconds; `None`: the default.
pub(crate) struct Wanted<'a> {
    pub path: &'a str,
    pub token: &'a [u8],
    pub request_bytes: Option<u32>,
    pub response_bytes: Option<u32>,
    pub max_message: Option<u32>,
    pub timeout: Option<f64>,
}

impl Wanted<'_> {
    /// The same as the connection's options.
    pub(crate) fn options(&self) -> Result<ConnectOptions, ShmError> {
        let token = self.token.try_into().map_err(|_| {
            ShmError::Invalid(format!(
                "token must be {TOKEN_BYTES} bytes, got {}.",
                self.token.len()
            ))
        })?;
        let mut options = ConnectOptions::new(self.path, token);
        if let Some(bytes) = self.request_bytes {
            options.request_bytes = bytes;
        }
        if let Some(bytes) = self.response_bytes {
            options.response_bytes = bytes;
        }
        if let Some(bytes) = self.max_message {
            options.max_message = bytes;
        }
        if let Some(seconds) = self.timeout {
            options.timeout = duration(seconds)?;
        }
        Ok(options)
    }
}

/// When a wait of so many seconds ends; `None`: never.
pub(crate) fn deadline(seconds: Option<f64>) -> Result<Option<Instant>, ShmError> {
    let Some(seconds) = seconds else {
        return Ok(None);
    };
    Ok(Instant::now().checked_add(duration(seconds)?))
}

/// Seconds as a duration; what no clock reaches counts as the longest one.
fn duration(seconds: f64) -> Result<Duration, ShmError> {
    if seconds.is_nan() || seconds < 0.0 {
        return Err(ShmError::Invalid(format!(
            "timeout must be a number of seconds from 0 on, got {seconds}."
        )));
    }
    Ok(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX))
}
