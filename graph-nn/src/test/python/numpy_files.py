"""Writes the arrays that NumPyPythonTest reads, or checks those that it wrote: numpy_files.py write|check DIRECTORY"""

import sys
from pathlib import Path

import numpy as np
from numpy.lib import format as npy

TYPES = ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"]


def values(kind):
    """Twelve values that every type has, but for the sign and the range."""
    if kind == "b1":
        return np.arange(12) % 3 == 0
    a = np.arange(12)
    return a - 4 if kind[0] in "fi" else a


def write(directory):
    for kind in TYPES:
        for order in "<>":
            for layout in "CF":
                array = values(kind).reshape(2, 3, 2).astype(order + kind, order=layout)
                np.save(directory / f"{kind}_{'little' if order == '<' else 'big'}_{layout}.npy", array)
    np.save(directory / "scalar.npy", np.float64(2.5))
    np.save(directory / "empty.npy", np.zeros((0, 3)))
    for version in [(1, 0), (2, 0), (3, 0)]:
        with open(directory / f"version{version[0]}.npy", "wb") as f:
            npy.write_array(f, values("f8"), version=version)
    arrays = {"0.weight": np.arange(6.0).reshape(2, 3), "0.bias": np.float32([0.5, -1.5])}
    np.savez(directory / "stored.npz", **arrays)
    np.savez_compressed(directory / "compressed.npz", **arrays)


def check(directory):
    array = np.load(directory / "array.npy")
    assert array.dtype == np.float64 and array.shape == (2, 3), array
    assert np.array_equal(array, np.array([[1.0, -2.0, 0.1], [1e300, np.inf, -0.0]])), array
    with open(directory / "array.npy", "rb") as f:
        npy.read_magic(f)
        npy.read_array_header_1_0(f)
        assert f.tell() % 64 == 0, f.tell()
    np.save(directory / "again.npy", array)
    assert (directory / "again.npy").read_bytes() == (directory / "array.npy").read_bytes()
    npz = np.load(directory / "arrays.npz")
    assert npz.files == ["0.weight", "0.bias", "step", "none"], npz.files
    assert npz["0.weight"].dtype == np.float32 and npz["0.weight"].tolist() == [[0.5, 1.5]], npz["0.weight"]
    assert npz["0.bias"].tolist() == [3.0], npz["0.bias"]
    assert npz["step"].shape == () and npz["step"] == 7, npz["step"]
    assert npz["none"].shape == (2, 0), npz["none"]
    print("checked")


{"write": write, "check": check}[sys.argv[1]](Path(sys.argv[2]))
