//! Errors as JavaScript sees them.

use gem_shm::{ShmError, TOKEN_BYTES, Token};

/// What fallible functions of this crate give: the status becomes `code` of the JavaScript error.
pub(crate) type Result<T> = std::result::Result<T, napi::Error<&'static str>>;

/// The JavaScript error of an error of `gem-shm`; its message is the whole sentence.
#[cold]
#[expect(
    clippy::needless_pass_by_value,
    reason = "the signature that `map_err` wants"
)]
pub(crate) fn to_js(error: ShmError) -> napi::Error<&'static str> {
    napi::Error::new(error.code(), error.to_string())
}

/// The error of an argument outside its range.
#[cold]
pub(crate) fn invalid(message: String) -> napi::Error<&'static str> {
    to_js(ShmError::Invalid(message))
}

/// The token in an array of bytes.
pub(crate) fn token(bytes: &[u8]) -> Result<Token> {
    bytes.try_into().map_err(|_| {
        invalid(format!(
            "token must have {TOKEN_BYTES} bytes, got {}.",
            bytes.len()
        ))
    })
}
