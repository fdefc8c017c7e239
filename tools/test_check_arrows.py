#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tests of check_arrows.py: a sound tree passes, and each kind of fault is found in a tree that has only that fault."""

import os
import subprocess
import sys
import tempfile
import unittest

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "check_arrows.py")
SPDX = "// SPDX-License-Identifier: LGPL-2.1-or-later\n"


def header(guard, *lines):
    return SPDX + f"#ifndef {guard}\n#define {guard}\n" + "".join(line + "\n" for line in lines) + "#endif\n"


SOUND = {
    "include/seem/core/state.h": header("SEEM_CORE_STATE_H", "#include <array>"),
    "include/seem/law/law.h": header("SEEM_LAW_LAW_H", '#include "seem/core/state.h"'),
    "include/seem/io/table.h": header("SEEM_IO_TABLE_H", "#include <seem/statistics/run.h>"),
    "include/seem/statistics/run.h": header("SEEM_STATISTICS_RUN_H"),
    "include/seem/solver/newton.h": header("SEEM_SOLVER_NEWTON_H", "#include <deal.II/base/point.h>",
                                           "#include <seem/law/law.h>"),
    "source/law/law.cc": SPDX + '#include <seem/law/law.h>\n#include <seem/core/version.h>\n',
    "source/main.cc": SPDX + '#include <seem/io/table.h>\n#include <mpi.h>\n',
    "tests/law/law.cc": SPDX + '#include <seem/law/law.h>\n#include <gtest/gtest.h>\n',
    "scripts/test": "#!/usr/bin/env bash\n# SPDX-License-Identifier: LGPL-2.1-or-later\n",
    "README.md": "Run `scripts/test`, see `include/seem/law/law.h` and [the law](include/seem/law/law.h);"
                 " results go to `results/point/mean.csv`, rates are in `eV/atom`.\n",
}


class CheckArrows(unittest.TestCase):
    def run_on(self, changes):
        with tempfile.TemporaryDirectory() as root:
            for path, text in {**SOUND, **changes}.items():
                if text is None:
                    continue
                place = os.path.join(root, path)
                os.makedirs(os.path.dirname(place), exist_ok=True)
                with open(place, "w", encoding="utf-8") as stream:
                    stream.write(text)
            return subprocess.run([sys.executable, SCRIPT, root], capture_output=True, text=True, check=False)

    def assert_found(self, changes, *words):
        """The changes make exactly one finding, whose line holds all words."""
        result = self.run_on(changes)
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        lines = result.stdout.strip().split("\n")
        self.assertEqual(len(lines), 1, result.stdout)
        for word in words:
            self.assertIn(word, lines[0])

    def test_a_sound_tree_passes(self):
        result = self.run_on({})
        self.assertEqual((result.returncode, result.stdout), (0, ""), result.stderr)

    def test_every_forbidden_arrow_is_found(self):
        layers = ["core", "law", "database", "statistics", "io", "c", "solver", "commands"]
        allowed = {("law", "core"), ("database", "core"), ("database", "law"), ("statistics", "core"),
                   ("statistics", "law"), ("statistics", "database"), ("io", "core"), ("io", "law"),
                   ("io", "database"), ("io", "statistics"), ("solver", "core"), ("solver", "law"),
                   ("c", "core"), ("c", "law"), ("c", "database"), ("c", "io")}
        allowed |= {("commands", layer) for layer in layers}
        for source in layers:
            for target in layers:
                tree = {f"include/seem/{layer}/t.h": header(f"SEEM_{layer.upper()}_T_H")
                        for layer in (source, target)}
                tree[f"source/{source}/t.cc"] = SPDX + f"#include <seem/{target}/t.h>\n"
                with self.subTest(source=source, target=target):
                    if source == target or (source, target) in allowed:
                        self.assertEqual(self.run_on(tree).returncode, 0)
                    else:
                        self.assert_found(tree, f"source/{source}/t.cc:2", "against the arrows", source, target)

    def test_arrows_hold_in_headers_and_tests_and_for_both_kinds_of_include(self):
        self.assert_found({"include/seem/core/state.h": header("SEEM_CORE_STATE_H", "#  include <seem/law/law.h>")},
                          "include/seem/core/state.h:4", "against the arrows")
        self.assert_found({"tests/law/law.cc": SPDX + '#include "seem/io/table.h"\n'}, "tests/law/law.cc:2")

    def test_deal_ii_and_mpi_below_the_solver_are_found(self):
        for layer in ("core", "law", "database", "statistics", "io"):
            for heavy in ("deal.II/base/tensor.h", "mpi.h", "Epetra_Vector.h", "Teuchos_RCP.hpp"):
                with self.subTest(layer=layer, heavy=heavy):
                    self.assert_found({f"include/seem/{layer}/t.h": header(f"SEEM_{layer.upper()}_T_H",
                                                                           f"#include <{heavy}>")},
                                      f"include/seem/{layer}/t.h:4", heavy)

    def test_the_python_module_uses_all_layers_but_the_solver(self):
        sound = {"python/bind.cc": SPDX + '#include "bindings.h"\n#include <seem/law/law.h>\n#include <seem/io/table.h>\n',
                 "python/bindings.h": header("SEEM_PYTHON_BINDINGS_H")}
        self.assertEqual(self.run_on(sound).returncode, 0)
        self.assert_found({"python/bind.cc": SPDX + "#include <seem/solver/newton.h>\n"}, "python/bind.cc:2", "python includes")
        self.assert_found({"python/bind.cc": SPDX + "#include <deal.II/base/point.h>\n"}, "python/bind.cc:2", "deal.II")
        self.assert_found({"python/bindings.h": header("SEEM_BINDINGS_H")}, "SEEM_PYTHON_BINDINGS_H")

    def test_an_include_in_a_comment_is_none(self):
        commented = SPDX + "// #include <deal.II/base/tensor.h>\n/*\n#include <seem/io/table.h>\n*/\n"
        self.assertEqual(self.run_on({"source/law/law.cc": commented}).returncode, 0)

    def test_a_wrong_guard_is_found(self):
        self.assert_found({"include/seem/law/law.h": header("SEEM_LAW_H")}, "SEEM_LAW_LAW_H")
        self.assert_found({"include/seem/law/law.h": SPDX + "#pragma once\n"}, "SEEM_LAW_LAW_H")
        mismatch = SPDX + "#ifndef SEEM_LAW_LAW_H\n#define SEEM_LAW_LAV_H\n#endif\n"
        self.assert_found({"include/seem/law/law.h": mismatch}, "SEEM_LAW_LAW_H")

    def test_a_source_without_a_header_is_found(self):
        self.assert_found({"source/law/lost.cc": SPDX}, "source/law/lost.cc:1", "include/seem/law/lost.h")
        self.assert_found({"source/law/table.cc": SPDX + "#include <seem/law/law.h>\n"},
                          "source/law/table.cc:1", "include/seem/io/table.h")
        part = SPDX + "#include <seem/law/law.h>\n"
        self.assertEqual(self.run_on({"source/law/second_part.cc": part}).returncode, 0)

    def test_private_headers_are_guarded_and_stay_private(self):
        private = {"source/io/text.h": header("SEEM_SOURCE_IO_TEXT_H"), "source/io/text.cc": SPDX + '#include "text.h"\n'}
        self.assertEqual(self.run_on(private).returncode, 0)
        self.assert_found({**private, "source/io/text.h": header("SEEM_TEXT_H")}, "SEEM_SOURCE_IO_TEXT_H")
        self.assert_found({"source/law/law.h": header("SEEM_LAW_LAW_H")}, "guard SEEM_LAW_LAW_H is also that of")
        self.assert_found({**private, "source/statistics/run.cc": SPDX + '#include "../io/text.h"\n'
                           "#include <seem/statistics/run.h>\n"}, "source/statistics/run.cc:2", "../io/text.h")

    def test_an_unknown_layer_and_a_missing_header_are_found(self):
        self.assert_found({"include/seem/laws/law.h": header("SEEM_LAWS_LAW_H")}, "'laws' is no layer")
        self.assert_found({"source/main.cc": SPDX + "#include <seem/law/lew.h>\n"}, "seem/law/lew.h")

    def test_public_headers_need_eigen_and_the_standard_library_alone(self):
        tensor = "include/seem/law/tensor.h"
        for name in ("<Eigen/Core>", "<cmath>", "<seem/core/state.h>"):
            self.assertEqual(self.run_on({tensor: header("SEEM_LAW_TENSOR_H", f"#include {name}")}).returncode, 0)
        for name in ("fmt/format.h", "hdf5.h", "boost/crc.hpp", "Random123/philox.h", "zlib.h"):
            self.assert_found({tensor: header("SEEM_LAW_TENSOR_H", f"#include <{name}>")}, f"{tensor}:4", name)
            self.assertEqual(self.run_on({"source/law/law.cc": SPDX + f"#include <{name}>\n"}).returncode, 0)

    def test_headers_of_the_c_interface_are_c(self):
        interface = "include/seem/c/seem.h"
        self.assertEqual(self.run_on({interface: header("SEEM_C_SEEM_H", "#include <stddef.h>")}).returncode, 0)
        for name in ("cstddef", "seem/law/law.h", "Eigen/Core"):
            self.assert_found({interface: header("SEEM_C_SEEM_H", f"#include <{name}>")}, f"{interface}:4", name)

    def test_installed_headers_are_complete_and_public(self):
        law = header("SEEM_LAW_LAW_H", "#include <seem/core/state.h>")
        state = header("SEEM_CORE_STATE_H")
        whole = {"seem/law/law.h": law, "seem/core/state.h": state}
        cases = [(whole, None), ({"seem/law/law.h": law}, "seem/core/state.h, which is not installed"),
                 ({**whole, "seem/solver/newton.h": header("SEEM_SOLVER_NEWTON_H")}, "not for other programs"),
                 ({**whole, "seem/io/file.h": header("SEEM_IO_FILE_H", "#include <mpi.h>")}, "mpi.h"),
                 ({"readme": ""}, "no header of seem")]
        for files, word in cases:
            with self.subTest(word=word), tempfile.TemporaryDirectory() as top:
                for path, text in files.items():
                    place = os.path.join(top, path)
                    os.makedirs(os.path.dirname(place), exist_ok=True)
                    with open(place, "w", encoding="utf-8") as stream:
                        stream.write(text)
                result = subprocess.run([sys.executable, SCRIPT, "--installed", top], capture_output=True, text=True,
                                        check=False)
                self.assertEqual(result.returncode, 0 if word is None else 1, result.stdout)
                self.assertEqual(len(result.stdout.splitlines()), 0 if word is None else 1, result.stdout)
                self.assertIn(word or "", result.stdout)

    def test_a_missing_licence_line_is_found(self):
        self.assert_found({"source/main.cc": "int main() {}\n"}, "source/main.cc:1", "SPDX")
        self.assert_found({"scripts/test": "#!/usr/bin/env bash\n"}, "scripts/test:1", "SPDX")

    def test_a_dead_path_in_the_documents_is_found(self):
        self.assert_found({"README.md": "one\nsee `prm/gone.prm --set x`\n"}, "README.md:2", "prm/gone.prm")
        self.assert_found({"doc/theory.md": "[more](gone.md)\n"}, "doc/theory.md:1", "gone.md")
        self.assertEqual(self.run_on({"doc/a.md": "[b](b.md) `doc/b.md`\n", "doc/b.md": "\n"}).returncode, 0)

    def test_a_wrong_root_is_refused(self):
        with tempfile.TemporaryDirectory() as root:
            result = subprocess.run([sys.executable, SCRIPT, root], capture_output=True, text=True, check=False)
        self.assertEqual(result.returncode, 2)


if __name__ == "__main__":
    unittest.main()
