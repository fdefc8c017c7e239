#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""
The installed library as other programs meet it: libseem is installed below a temporary prefix, its headers are checked,
and the examples of examples/embed are configured, built and run against it. All must follow the same path as the layers
of the build tree, event by event, and say what is wrong when the database is not there.

    embed_test.py SOURCE_DIR BUILD_DIR REFERENCE CXX_COMPILER C_COMPILER CXX_FLAGS
"""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCE, BUILD, REFERENCE, CXX, CC, FLAGS = sys.argv[1:7]
CELL, X1 = "17", "0.004"


def run(*command, status=0, **environment):
    """Standard output of a command that ends with the given status; else its whole output is the failure."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environment})
    if done.returncode != status:
        raise AssertionError(f"{' '.join(command)}: status {done.returncode}, expected {status}\n{done.stdout}{done.stderr}")
    return done.stdout if status == 0 else done.stderr


def rows(text):
    """(strain, stress, X1, number of events) at each strain."""
    found = [line.split() for line in text.splitlines()]
    return [tuple(map(float, row)) for row in found if len(row) == 4 and row[0][0].isdigit()]


def events(text):
    return [tuple(map(float, line.split()[1:])) for line in text.splitlines() if line.startswith("event ")]


class Embed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.mkdtemp(prefix="seem_embed_")
        cls.addClassCleanup(shutil.rmtree, cls.directory)
        cls.prefix = os.path.join(cls.directory, "prefix")
        run("cmake", "--install", BUILD, "--component", "library", "--prefix", cls.prefix)
        cls.database = os.path.join(cls.directory, "q10.h5")
        cls.reference = run(REFERENCE, os.path.join(SOURCE, "data", "cu64zr36", "manifest.csv"), "q10", cls.database,
                            CELL, X1)

    def build(self, name, *options):
        """The program of an example, built against the installed library and nothing of the build tree."""
        directory = os.path.join(self.directory, name)
        run("cmake", "-S", os.path.join(SOURCE, "examples", "embed", name), "-B", directory,
            f"-DCMAKE_PREFIX_PATH={self.prefix}", "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_FIND_USE_PACKAGE_REGISTRY=OFF",
            f"-DCMAKE_CXX_COMPILER={CXX}", f"-DCMAKE_CXX_FLAGS={FLAGS}", *options)
        with open(os.path.join(directory, "CMakeCache.txt"), encoding="utf-8") as cache:
            self.assertIn(f"seem_DIR:PATH={self.prefix}/", cache.read())
        run("cmake", "--build", directory)
        return os.path.join(directory, f"embed_{name}")

    def test_the_reference_is_no_elastic_line(self):
        self.assertEqual(len(rows(self.reference)), 300)
        self.assertGreater(len(events(self.reference)), 30)
        self.assertEqual(rows(self.reference)[-1][3], len(events(self.reference)))

    def test_the_installed_headers_are_public(self):
        run(sys.executable, os.path.join(SOURCE, "tools", "check_arrows.py"), "--installed",
            os.path.join(self.prefix, "include"))

    def check_path(self, program):
        """Same events and same stresses, to the last bit."""
        output = run(program, self.database, CELL, X1)
        self.assertEqual(events(output), events(self.reference))
        self.assertEqual(rows(output), rows(self.reference))
        other = run(program, self.database, "18", X1)
        self.assertNotEqual(events(other), events(self.reference))
        return output

    def check_missing_database(self, program):
        message = run(program, "/nowhere/glass.h5", CELL, X1, status=1)
        self.assertIn("/nowhere/glass.h5: cannot be read: ", message)
        return message

    def test_cpp(self):
        program = self.build("cpp")
        self.check_path(program)
        self.check_missing_database(program)

    def test_c(self):
        program = self.build("c", f"-DCMAKE_C_COMPILER={CC}", f"-DCMAKE_C_FLAGS={FLAGS} -Wall -Wextra -Wpedantic -Werror")
        self.assertIn("state 0 2 internal variables X, X1 first [eV per atom]", self.check_path(program))
        self.assertIn("result -1:", self.check_missing_database(program))

    def test_umat(self):
        if shutil.which("gfortran") is None:
            self.skipTest("no gfortran")
        program = self.build("umat", f"-DCMAKE_Fortran_FLAGS={FLAGS}")
        self.assertEqual(rows(run(program, CELL, X1, SEEM_DATABASE=self.database)), rows(self.reference))
        # The variable of the material comes before the general one.
        self.assertEqual(rows(run(program, CELL, X1, SEEM_DATABASE_GLASS=self.database, SEEM_DATABASE="/nowhere")),
                         rows(self.reference))
        message = run(program, CELL, X1, status=1, SEEM_DATABASE="/nowhere/glass.h5")
        self.assertIn("seem: UMAT: material GLASS, element 17, point 1: /nowhere/glass.h5: cannot be read: ", message)
        self.assertIn("set the environment variable SEEM_DATABASE_GLASS or SEEM_DATABASE",
                      run(program, CELL, X1, status=1, SEEM_DATABASE=""))

    def test_pkg_config(self):
        if shutil.which("pkg-config") is None:
            self.skipTest("no pkg-config")
        libraries = [os.path.join(directory, "pkgconfig") for directory, names, _ in os.walk(self.prefix)
                     if "pkgconfig" in names]
        flags = run("pkg-config", "--cflags", "--libs", "seem", PKG_CONFIG_PATH=libraries[0]).split()
        program = os.path.join(self.directory, "with_pkg_config")
        run(CXX, "-std=c++17", *FLAGS.split(), os.path.join(SOURCE, "examples", "embed", "cpp", "main.cc"), "-o", program,
            *flags, f"-Wl,-rpath,{os.path.dirname(libraries[0])}")
        self.check_path(program)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
