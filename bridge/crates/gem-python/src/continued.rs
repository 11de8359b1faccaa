//! Texts that go on from earlier ones.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString};

/// Bytes of one number in `keeps`.
const NUMBER_BYTES: usize = size_of::<i32>();

/// The texts that `tails` stand for: the first `keeps[i]` UTF-16 units of `earlier[i]` and `tails[i]`
/// behind them; `tails[i]` itself, of any type, where `keeps[i]` is negative. `keeps` is an array of
/// little-endian 32-bit integers.
#[pyfunction]
pub(crate) fn continued<'py>(
    py: Python<'py>,
    earlier: &Bound<'py, PyList>,
    keeps: &[u8],
    tails: &Bound<'py, PyList>,
) -> PyResult<Bound<'py, PyList>> {
    let count = tails.len();
    if earlier.len() != count || keeps.len() != count * NUMBER_BYTES {
        return Err(PyValueError::new_err(format!(
            "{count} tails need as many earlier texts and {} bytes of keeps, got {} and {}",
            count * NUMBER_BYTES,
            earlier.len(),
            keeps.len()
        )));
    }
    let texts = PyList::empty(py);
    let mut text = String::new();
    for (index, number) in keeps.chunks_exact(NUMBER_BYTES).enumerate() {
        let tail = tails.get_item(index)?;
        let keep = number
            .iter()
            .rev()
            .fold(0_u32, |sum, byte| (sum << 8) | u32::from(*byte));
        if keep > i32::MAX.unsigned_abs() {
            texts.append(tail)?;
            continue;
        }
        text.clear();
        let before = earlier.get_item(index)?.cast_into::<PyString>()?;
        text.push_str(kept(before.to_cow()?.as_ref(), keep as usize)?);
        text.push_str(tail.cast::<PyString>()?.to_cow()?.as_ref());
        texts.append(PyString::new(py, &text))?;
    }
    Ok(texts)
}

/// The first so many UTF-16 units of a text.
fn kept(text: &str, units: usize) -> PyResult<&str> {
    if text.is_ascii() {
        return text
            .get(..units)
            .ok_or_else(|| too_short(text.len(), units));
    }
    let mut seen = 0;
    for (offset, character) in text.char_indices() {
        if seen >= units {
            return Ok(&text[..offset]);
        }
        seen += character.len_utf16();
    }
    if seen < units {
        return Err(too_short(seen, units));
    }
    Ok(text)
}

fn too_short(length: usize, units: usize) -> PyErr {
    PyValueError::new_err(format!(
        "{units} units of an earlier text are to be kept, but it has {length}"
    ))
}
