//! Tells the linker that the Python process provides its own symbols (macOS asks).

fn main() {
    pyo3_build_config::add_extension_module_link_args();
}
