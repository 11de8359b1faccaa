//! Texts that go on from earlier ones.

use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};

/// Bytes of one number in `keeps`.
const NUMBER_BYTES: usize = size_of::<i32>();

/// The texts that `tails` stand for: the first `keeps[i]` UTF-16 units of `earlier[i]` and `tails[i]`
/// behind them; `tails[i]` itself, of any type, where `keeps[i]` is negative. `keeps` is an array of
/// little-endian 32-bit integers. Behind those of the tails it may have pairs of a position and such
/// a number, for the text that `infos[position]` has as `final_observation`, which is completed there.
#[pyfunction]
#[pyo3(signature = (earlier, keeps, tails, infos = None))]
pub(crate) fn continued<'py>(
    py: Python<'py>,
    earlier: &Bound<'py, PyList>,
    keeps: &[u8],
    tails: &Bound<'py, PyList>,
    infos: Option<&Bound<'py, PyList>>,
) -> PyResult<Bound<'py, PyList>> {
    let count = tails.len();
    let own = count * NUMBER_BYTES;
    if earlier.len() != count
        || keeps.len() < own
        || !(keeps.len() - own).is_multiple_of(2 * NUMBER_BYTES)
    {
        return Err(PyValueError::new_err(format!(
            "{count} tails need as many earlier texts and {own} bytes of keeps (and 8 for each \
             final observation), got {} and {}",
            earlier.len(),
            keeps.len()
        )));
    }
    let (keeps, endings) = keeps.split_at(own);
    let mut text = String::new();
    for pair in endings.chunks_exact(2 * NUMBER_BYTES) {
        let (position, keep) = pair.split_at(NUMBER_BYTES);
        let index = number(position) as usize;
        let before = earlier.get_item(index)?;
        let info = infos
            .ok_or_else(|| PyValueError::new_err("final observations need their infos"))?
            .get_item(index)?
            .cast_into::<PyDict>()?;
        let key = intern!(py, "final_observation");
        let tail = info
            .get_item(key)?
            .ok_or_else(|| PyValueError::new_err("an info has no final_observation"))?;
        info.set_item(key, join(&mut text, &before, number(keep), &tail)?)?;
    }
    let mut texts = Vec::with_capacity(count);
    for (keep, (before, tail)) in keeps
        .chunks_exact(NUMBER_BYTES)
        .zip(earlier.iter().zip(tails))
    {
        let keep = number(keep);
        texts.push(if keep > i32::MAX.unsigned_abs() {
            tail
        } else {
            join(&mut text, &before, keep, &tail)?.into_any()
        });
    }
    PyList::new(py, texts)
}

fn number(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .rev()
        .fold(0, |sum, byte| (sum << 8) | u32::from(*byte))
}

/// The first `keep` units of `before`, and `tail`; `text` is memory to put it together in.
fn join<'py>(
    text: &mut String,
    before: &Bound<'py, PyAny>,
    keep: u32,
    tail: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyString>> {
    text.clear();
    let before = before.cast::<PyString>()?;
    // As many characters as bytes: all are ASCII.
    let characters = before.len()?;
    let before = before.to_cow()?;
    text.push_str(if before.len() == characters {
        before
            .get(..keep as usize)
            .ok_or_else(|| too_short(characters, keep as usize))?
    } else {
        kept(before.as_ref(), keep as usize)?
    });
    text.push_str(tail.cast::<PyString>()?.to_cow()?.as_ref());
    Ok(PyString::new(tail.py(), text))
}

/// The first so many UTF-16 units of a text that is not ASCII alone.
fn kept(text: &str, units: usize) -> PyResult<&str> {
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
