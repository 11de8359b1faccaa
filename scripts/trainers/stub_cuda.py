"""Puts stubs in the place of the CUDA libraries that PyTorch's wheel for Linux is linked with.

`python stub_cuda.py FOLDER`, where FOLDER is `torch/lib`. The wheel computes on CPUs without a GPU,
but it does not load unless these libraries can be found; they are 2.5 GB. Every function of a stub
returns 1, which is an error to whoever calls it. `nm` and `gcc` have to be on `PATH`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

LIBRARIES = {
    "libcublas.so.12": ("cublas",),
    "libcublasLt.so.12": ("cublasLt",),
    "libcudnn.so.9": ("cudnn",),
    "libcufft.so.11": ("cufft",),
    "libcurand.so.10": ("curand",),
    "libcusolver.so.11": ("cusolver",),
    "libcusparse.so.12": ("cusparse",),
    "libcusparseLt.so.0": ("cusparseLt",),
    "libnccl.so.2": ("nccl", "pnccl"),
}
"""The libraries by the names under which they are loaded, with the beginnings of their symbols."""

Symbol = tuple[str, str]


def wanted_symbols(folder: Path) -> set[Symbol]:
    """What PyTorch's libraries use and none of them defines, each with its version or ""."""
    used: set[Symbol] = set()
    defined: set[str] = set()
    for library in sorted(folder.glob("*.so*")):
        listing = subprocess.run(
            ["nm", "--dynamic", str(library)], capture_output=True, text=True, check=True
        ).stdout
        for line in listing.splitlines():
            kind, symbol = line.split()[-2:]
            name, _, version = symbol.replace("@@", "@").partition("@")
            if kind in ("U", "w"):
                used.add((name, version))
            else:
                defined.add(name)
    return {(name, version) for name, version in used if name not in defined}


def belongs(symbol: Symbol, library: str) -> bool:
    """Whether a library has a symbol: its version names it, or its name begins as its symbols."""
    name, version = symbol
    if version:
        return version == library
    starts = [start for starts in LIBRARIES.values() for start in starts if name.startswith(start)]
    return bool(starts) and max(starts, key=len) in LIBRARIES[library]


def build(library: str, symbols: set[Symbol], folder: Path) -> None:
    """Compiles a stub with these symbols."""
    with tempfile.TemporaryDirectory() as work:
        source, script = Path(work, "stub.c"), Path(work, "stub.map")
        names = sorted({name for name, _ in symbols})
        source.write_text("\n".join(f"int {name}(void) {{ return 1; }}" for name in names) + "\n")
        versions = sorted({version for _, version in symbols if version})
        script.write_text("\n".join(f"{version} {{ global: *; }};" for version in versions))
        command = ["gcc", "-shared", "-fPIC", "-w", "-fno-builtin", f"-Wl,-soname,{library}"]
        command += [f"-Wl,--version-script={script}"] if versions else []
        subprocess.run([*command, "-o", str(folder / library), str(source)], check=True)


def main(folder: Path) -> None:
    """Builds every stub that is not there."""
    symbols = wanted_symbols(folder)
    for library in LIBRARIES:
        own = {symbol for symbol in symbols if belongs(symbol, library)}
        build(library, own, folder)
        print(f"{library}: {len(own)} functions")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
