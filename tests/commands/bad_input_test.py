#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Bad input to the program: it is refused with the place and the cure, and leaves nothing behind."""

import gzip
import os
import unittest

from program_test import HARVEST, Program


class BadInput(Program):
    """What is wrong with the input of `seem harvest`, as seen from the command line."""

    HEADER = "file,atoms,volume_A3,label,cooling_rate_K_per_s"
    ENTRY = "a.txt,4000,64800,q10,1e13"

    def table(self, change=None):
        """A run of 3 % strain: elastic, with a drop every 50 rows. change(rows) may spoil it."""
        rows = []
        energy, tau = -17700.0, 0.0
        for i in range(301):
            rows.append([f"{1e-4 * i:.5f}", f"{energy:.8f}", f"{tau:.8f}"])
            step = 30e-4 - (0.05 if i % 50 == 49 else 0.0)
            energy += 64800 / 160.21766208 * (tau + 0.5 * 30e-4) * 1e-4 - (0.005 if i % 50 == 49 else 0.0)
            tau += step
        if change:
            change(rows)
        return "# strain pe_eV tau_GPa\n" + "\n".join(" ".join(row) for row in rows) + "\n"

    def harvest(self, table=None, manifest=None, arguments=(), prm=HARVEST):
        self.write("a.txt", self.table() if table is None else table)
        path = self.write("manifest.csv", manifest or f"{self.HEADER}\n{self.ENTRY}\n")
        return self.seem("harvest", prm, "--set", f"Runs/Manifest={path}", "--output", "out", *arguments)

    def test_missing_files(self):
        self.assert_refused(self.seem("harvest", "none.prm", "--output", "out"), r"none\.prm: no such parameter file")
        self.assert_refused(self.seem("harvest", HARVEST, "--set", "Runs/Manifest=none.csv", "--output", "out"),
                            r"none\.csv")
        self.assert_refused(self.harvest(manifest=f"{self.HEADER}\nb.txt,4000,64800,q10,1e13\n"),
                            r"manifest\.csv:2", r"b\.txt")

    def test_manifest_with_too_few_columns(self):
        self.assert_refused(self.harvest(manifest=f"{self.HEADER}\na.txt,4000,64800\n"),
                            r"manifest\.csv:2: found 3 columns, expected 5")
        self.assert_refused(self.harvest(manifest="file,atoms,label\na.txt,4000,q10\n"),
                            r"manifest\.csv:1: missing columns? 'volume_A3'")

    def test_table_with_nan(self):
        def spoil(rows):
            rows[7][2] = "nan"
        # One comment line, then row 7 counted from 0.
        self.assert_refused(self.harvest(self.table(spoil)), r"a\.txt:9", r"tau_GPa", r"nan")

    def test_check_reads_everything_goes_on_after_a_bad_file_and_writes_nothing(self):
        def spoil(rows):
            rows[200] = rows[200][:2]
        self.write("b.txt", self.table(spoil))
        self.write("c.txt", self.table(lambda rows: rows.pop()))
        manifest = f"{self.HEADER}\n" + "".join(f"{name}.txt,4000,64800,q10,1e13\n" for name in "abc")
        result = self.harvest(manifest=manifest, arguments=["--check"])
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stdout, r"good +a\.txt: 301 rows, strain 0 to 0\.03")
        self.assertRegex(result.stdout, r"BAD +b\.txt: .*b\.txt:202: found 2 columns")
        self.assertRegex(result.stdout, r"good +c\.txt: 300 rows")
        self.assertIn("2 of 3 runs good", result.stdout)
        self.assertFalse(os.path.exists(self.file("out")))
        self.assert_refused(self.harvest(manifest=manifest), r"b\.txt:202")

    def test_one_run_under_two_names(self):
        self.write("b.txt", self.table())
        self.assert_refused(self.harvest(manifest=f"{self.HEADER}\n{self.ENTRY}\nb.txt,4000,64800,q10,1e13\n"),
                            r"a\.txt", r"b\.txt")

    def test_energy_per_atom_given_as_total(self):
        def per_atom(rows):
            for row in rows:
                row[1] = f"{float(row[1]) / 4000:.12f}"
        self.assert_refused(self.harvest(self.table(per_atom)), r"a\.txt", r"per atom")

    def test_sign_of_the_stress_of_one_line(self):
        def flip(rows):
            for row in rows:
                row[2] = f"{-float(row[2]):.8f}"
        self.assert_refused(self.harvest(self.table(flip)), r"a\.txt", r"energy and stress do not belong together")
        result = self.harvest(self.table(flip), f"{self.HEADER},stress_sign\n{self.ENTRY},-1\n")
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_strain_that_does_not_grow(self):
        def spoil(rows):
            rows[9][0] = rows[8][0]
        self.assert_refused(self.harvest(self.table(spoil)), r"a\.txt:11", r"strain")

    def test_table_without_the_column(self):
        self.assert_refused(self.harvest(arguments=["--set", "Runs/Stress column=sxy"]), r"a\.txt", r"sxy")

    def test_truncated_gzip(self):
        path = self.file("b.gz")
        with gzip.open(path, "wt") as stream:
            stream.write(self.table())
        with open(path, "rb") as stream:
            content = stream.read()
        with open(path, "wb") as stream:
            stream.write(content[:len(content) // 2])
        self.assert_refused(self.harvest(manifest=f"{self.HEADER}\nb.gz,4000,64800,q10,1e13\n"), r"b\.gz")

    def test_gzip_cut_off_at_any_length(self):
        content = gzip.compress(self.table().encode())
        for length in (len(content) - 1, len(content) // 3, 11):
            with self.subTest(length=length), open(self.file("b.gz"), "wb") as stream:
                stream.write(content[:length])
                stream.flush()
                self.assert_refused(self.harvest(manifest=f"{self.HEADER}\nb.gz,4000,64800,q10,1e13\n"), r"b\.gz")

    def log(self, *, end="Loop time of 0.1 on 1 procs\n", after=""):
        """The run of table() as a LAMMPS log: one minimisation per row."""
        lines = ["LAMMPS (29 Sep 2021)\n"]
        for row in self.table().splitlines()[1:]:
            lines += ["Per MPI rank memory allocation (min/avg/max) = 5 | 5 | 5 Mbytes\n", "Step strain pe_eV tau_GPa\n",
                      f"0 {row}\n", f"9 {row}\n", "Loop time of 0.1 on 1 procs\n"]
        lines[-1] = end
        return "".join(lines) + after

    def harvest_log(self, text):
        self.write("log.lammps", text)
        return self.harvest(manifest=f"{self.HEADER}\nlog.lammps,4000,64800,q10,1e13\n")

    def test_a_whole_log_is_harvested(self):
        # What the spoilt ones below have in common with it is not what they are refused for.
        self.assert_done(self.harvest_log(self.log()))
        self.assertTrue(os.path.exists(self.file("out")))

    def test_log_that_was_cut_off(self):
        self.assert_refused(self.harvest_log(self.log(end="")), r"log\.lammps:1503: .*no 'Loop time'", r"Unfinished logs")
        text = self.log()
        self.assert_refused(self.harvest_log(text[:len(text) // 2]), r"log\.lammps:\d+: .*no 'Loop time'")

    def test_log_with_an_error(self):
        error = "ERROR: Lost atoms: original 4000 current 3999 (src/thermo.cpp:438)\n"
        self.assert_refused(self.harvest_log(self.log(after=error)), r"log\.lammps:1507: LAMMPS stopped here: .*Lost atoms")
        self.assert_refused(self.harvest_log(self.log(end=error)), r"log\.lammps:1506: LAMMPS stopped here")

    def test_restarted_run_in_one_file(self):
        def restart(rows):
            rows[200:] = rows[150:]
        self.assert_refused(self.harvest(self.table(restart)), r"a\.txt:202: strain 0\.015 follows 0\.0199", r"restarted")

    def test_two_files_of_one_sample(self):
        second = f"{self.HEADER}\n{self.ENTRY}\nb.gz,4000,64800,q10,1e13\n"
        with gzip.open(self.file("b.gz"), "wt") as stream:
            stream.write(self.table())
        self.assert_refused(self.harvest(manifest=second), r"a\.txt and b\.gz have equal rows")
        # The same rows written in another way: comments, commas.
        self.write("b.gz", "# a copy\n" + self.table().replace(" ", ",").replace("#,strain", "# strain"))
        self.assert_refused(self.harvest(manifest=second), r"a\.txt and b\.gz have equal rows")
        self.assert_refused(self.harvest(manifest=f"{self.HEADER}\n{self.ENTRY}\n{self.ENTRY}\n"),
                            r"manifest\.csv:3", r"a\.txt")

    def test_total_energy_given_as_per_atom(self):
        self.assert_refused(self.harvest(arguments=["--set", "Runs/Energy=per atom"]), r"a\.txt:2", r"energy kind to total")

    def test_stress_in_another_unit(self):
        def mega(rows):
            for row in rows:
                row[2] = f"{1e3 * float(row[2]):.5f}"
        self.assert_refused(self.harvest(self.table(mega)), r"a\.txt", r"energy and stress do not belong together")
        self.assert_done(self.harvest(self.table(mega), arguments=["--set", "Runs/Stress unit=MPa"]))

    def test_without_atoms_or_volume(self):
        for header, entry, pattern in (
                ("file,volume_A3,label,cooling_rate_K_per_s", "a.txt,64800,q10,1e13", r"missing column 'atoms'"),
                ("file,atoms,label,cooling_rate_K_per_s", "a.txt,4000,q10,1e13", r"missing column 'volume_A3'"),
                (self.HEADER, "a.txt,,64800,q10,1e13", r"manifest\.csv:2: .*atoms"),
                (self.HEADER, "a.txt,0,64800,q10,1e13", r"manifest\.csv:2: .*atoms"),
                (self.HEADER, "a.txt,64800,4000,q10,1e13", r"a\.txt")):  # swapped
            with self.subTest(header=header, entry=entry):
                self.assert_refused(self.harvest(manifest=f"{header}\n{entry}\n"), pattern)

    def test_unknown_parameter(self):
        prm = self.write("x.prm", "subsection Runs\n  set Manifets = manifest.csv\nend\n")
        self.assert_refused(self.harvest(prm=prm),
                            r'x\.prm:2: no such parameter "Manifets" in section "Runs": did you mean "Manifest"\?')
        self.assert_refused(self.harvest(arguments=["--set", "Grid/Stress bin=3"]), r'did you mean "Stress bins"\?')

    def test_required_parameter(self):
        self.assert_refused(self.seem("harvest", self.write("x.prm", ""), "--output", "out"),
                            r'x\.prm: the parameter "Manifest" in section "Runs" has no default')

    def test_output_directory_that_cannot_be_written(self):
        self.write("file", "x")
        result = self.harvest(arguments=["--output", "file/out"])
        self.assertNotEqual(result.returncode, 0)
        result = self.seem("harvest", HARVEST, "--output", "file/out")
        self.assert_refused(result, r"file/out")
        if os.geteuid() != 0:
            os.mkdir(self.file("closed"), 0o555)
            self.assert_refused(self.seem("harvest", HARVEST, "--output", "closed/out"), r"closed/out")

    def test_no_output_directory(self):
        prm = self.write("x.prm", "subsection Runs\n  set Manifest = m.csv\nend\n")
        self.assert_refused(self.seem("harvest", prm), r"Output directory", r"--output")

    def test_a_full_output_directory_needs_overwrite(self):
        self.write("full/old.txt", "old")
        result = self.seem("harvest", HARVEST, "--output", "full")
        self.assert_refused(result, r"full", r"--overwrite")
        self.assertEqual(os.listdir(self.file("full")), ["old.txt"])


if __name__ == "__main__":
    unittest.main()
