# SPDX-License-Identifier: LGPL-2.1-or-later
"""The Python module documents all that it offers, and its stub file names the same things."""

import ast
import os
import unittest

import seem

STUB = os.path.join(os.path.dirname(os.path.abspath(seem.__file__)), "seem.pyi")


def public(names):
    return sorted(name for name in names if not name.startswith("_"))


class Stub(unittest.TestCase):
    def setUp(self):
        with open(STUB, encoding="utf-8") as stream:
            self.tree = ast.parse(stream.read())

    def test_it_names_what_the_module_has(self):
        classes = {node.name: node for node in self.tree.body if isinstance(node, ast.ClassDef)}
        functions = [node.name for node in self.tree.body if isinstance(node, ast.FunctionDef)]
        self.assertEqual(public([*classes, *functions]), public(vars(seem)))
        for name, node in classes.items():
            if name in ("Support", "StepError"):
                continue
            members = {item.name for item in node.body if isinstance(item, ast.FunctionDef)}
            self.assertEqual(public(members), public(vars(getattr(seem, name))), name)

    def test_everything_says_what_it_is(self):
        for name in public(vars(seem)):
            thing = getattr(seem, name)
            self.assertTrue((thing.__doc__ or "").strip(), name)
            if isinstance(thing, type) and name not in ("Support", "StepError"):
                for member in public(vars(thing)):
                    # A function's first line is its signature.
                    text = (getattr(thing, member).__doc__ or "").strip()
                    self.assertTrue(len(text.split("\n")) > 1 if callable(getattr(thing, member)) else text, f"{name}.{member}")


if __name__ == "__main__":
    unittest.main()
