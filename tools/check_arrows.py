#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""
Check what the compiler cannot see, for the tree below ROOT:

    check_arrows.py [ROOT]
    check_arrows.py --installed PREFIX/include

1. arrows   an #include may point only from a layer to the layers it may use (table ALLOWED), and the layers below the
            solver include neither deal.II nor MPI nor Trilinos;
2. guards   include/seem/<dir>/<file>.h is guarded by SEEM_<DIR>_<FILE>_H, a private header source/<dir>/<file>.h by
            SEEM_SOURCE_<DIR>_<FILE>_H or SEEM_<DIR>_<FILE>_H, and no two headers share a guard;
3. mirrors  a source and its header have one relative path: source/<dir>/<file>.cc, include/seem/<dir>/<file>.h (or
            source/<dir>/<file>.h, if it is private); a source without one implements another header of its layer; every
            included "seem/..." exists; private headers are included only from their own directory;
4. licence  an SPDX line is among the first lines of each source file, script and CMake file;
5. docs     paths of this repository named in backticks or links in README.md, CONTRIBUTING.md, doc/ and the README files
            below tools/, data/, tests/ and benchmarks/ exist;
6. public   headers below include/seem of the layers below the solver include only the standard library, Eigen and seem,
            those of layer c only headers of C99 and of c.

The second form checks headers as they were installed: only layers that other programs see, rule 6, and every included
"seem/..." is installed too.

One line per finding; the exit status is 1 if there is any.
"""

import os
import re
import subprocess
import sys

# Layer -> the layers whose headers it may include; each may include its own. The programs (source/main.cc) and the
# tests may include everything that their own layer may; see layer_of().
ALLOWED = {
    "core": set(),
    "law": {"core"},
    "database": {"law", "core"},
    "statistics": {"database", "law", "core"},
    "io": {"statistics", "database", "law", "core"},
    "c": {"io", "database", "law", "core"},
    "solver": {"law", "core"},
    "commands": {"solver", "c", "io", "statistics", "database", "law", "core"},
    # The Python module: of the commands only what does without deal.II.
    "python": {"commands", "io", "statistics", "database", "law", "core"},
}

# Layers that may see deal.II, MPI and Trilinos.
WITH_DEALII = {"solver", "commands"}
HEAVY = re.compile(r"^(deal\.II/|mpi\.h$|mpi$|Epetra|Teuchos|Tpetra|Ifpack|ml_|AztecOO|Amesos|Trilinos|p4est|p8est)")

# Layers whose headers are installed, and what such headers may include besides those of seem.
INSTALLED = {"core", "law", "database", "io", "c"}
STANDARD = re.compile(r"^([a-z_]+|Eigen/[A-Za-z]+)$")
C99 = re.compile(r"^(complex|ctype|errno|fenv|float|inttypes|iso646|limits|locale|math|setjmp|signal|stdarg|stdbool|stddef|"
                 r"stdint|stdio|stdlib|string|tgmath|time|wchar|wctype)\.h$")

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)
SPDX = "SPDX-License-Identifier: LGPL-2.1-or-later"
SPDX_LINES = 3

# Directories whose names make `name/...` a path of this repository.
TOP = {"benchmarks", "cmake", "data", "doc", "examples", "include", "meshes", "prm", "python", "scripts", "source", "tests",
       "tools", ".ci", ".github"}
# What a run makes need not exist in a clone.
MADE = ("build", "results", "out")


def files_below(root, *tops):
    """Relative paths, with /, of the files below the given directories of root, sorted; hidden and made ones left out."""
    found = []
    for top in tops:
        for directory, names, files in os.walk(os.path.join(root, top)):
            names[:] = sorted(name for name in names if name not in ("__pycache__",) and not name.startswith("."))
            found += [os.path.relpath(os.path.join(directory, name), root).replace(os.sep, "/") for name in files]
    return sorted(found)


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as stream:
        return stream.read()


def without_comments(text):
    """C++ text with comments blanked out, the lines kept: an #include in a comment is none."""
    def blank(match):
        comment = match.group(0)
        return comment if comment.startswith(('"', "'")) else re.sub(r"[^\n]", " ", comment)
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', blank, text, flags=re.DOTALL)


def layer_of(path):
    """
    The layer a file belongs to, or None for files that may include everything.
    include/seem/law/x.h, source/law/x.cc and tests/law/x.cc belong to law; source/main.cc to the commands.
    """
    parts = path.split("/")
    if parts[:2] == ["include", "seem"] and len(parts) > 3:
        return parts[2]
    if parts[0] == "python":
        return "python"
    if parts[0] == "source":
        return parts[1] if len(parts) > 2 else "commands"
    if parts[0] == "tests" and len(parts) > 2 and parts[1] in ALLOWED:
        return parts[1]
    return None


def check_arrows(root, sources):
    for path in sources:
        layer = layer_of(path)
        if layer is not None and layer not in ALLOWED:
            yield f"{path}:1: '{layer}' is no layer; the layers are {', '.join(ALLOWED)}"
            continue
        text = without_comments(read(root, path))
        for match in INCLUDE.finditer(text):
            line = text.count("\n", 0, match.start(2)) + 1
            target = match.group(2)
            where = f"{path}:{line}"
            if target.startswith("seem/"):
                # The version header is made by CMake from a file in cmake/.
                if target != "seem/core/version.h" and not os.path.isfile(os.path.join(root, "include", target)):
                    yield f"{where}: includes {target}, but there is no include/{target}"
                parts = target.split("/")
                to = parts[1] if len(parts) > 2 else None
                if layer is not None and to is not None and to != layer and to not in ALLOWED[layer]:
                    allowed = ", ".join(sorted(ALLOWED[layer])) or "nothing"
                    yield f"{where}: against the arrows: {layer} includes {target}, but may include only {allowed}"
            elif path.startswith("source/") and target.startswith("../"):
                yield f"{where}: includes {target}: a private header is for its own directory alone"
            elif layer is not None and layer not in WITH_DEALII and HEAVY.match(target):
                if not path.startswith("include/"):  # else rule 6 finds it
                    yield f"{where}: {layer} includes {target}, but must do without deal.II, MPI and Trilinos"


def check_public(top, headers):
    """The headers, paths .../<layer>/<name>.h below the directory top, must not ask more of a program than they may."""
    for path in headers:
        layer = path.split("/")[-2]
        allowed, what = STANDARD, "the standard library, Eigen and seem"
        if layer == "c":
            allowed, what = C99, "headers of C99 and of layer c"
        text = without_comments(read(top, path))
        for match in INCLUDE.finditer(text):
            target = match.group(2)
            if target.startswith("seem/c/" if layer == "c" else "seem/") or allowed.match(target):
                continue
            line = text.count("\n", 0, match.start(2)) + 1
            yield f"{path}:{line}: a public header of {layer} includes {target}, but may include only {what}"


def check_installed(top):
    """Findings for headers installed below the directory top."""
    headers = [path for path in files_below(top, "seem") if path.endswith(".h")]
    if not headers:
        yield f"{top}: no header of seem is installed here"
    for path in headers:
        if path.split("/")[1] not in INSTALLED:
            yield f"{path}:1: headers of this layer are not for other programs"
        for match in INCLUDE.finditer(without_comments(read(top, path))):
            if match.group(2).startswith("seem/") and match.group(2) not in headers:
                yield f"{path}:1: includes {match.group(2)}, which is not installed"
    yield from check_public(top, headers)


def check_guards(root, sources):
    seen = {}
    for path in sources:
        if not path.endswith(".h") or not path.startswith(("include/seem/", "source/", "tests/", "python/")):
            continue
        text = without_comments(read(root, path))
        name = re.sub(r"[^A-Za-z0-9]", "_", re.sub(r"^include/seem/", "", path)).upper()
        # A private header may leave out SOURCE.
        guards = [f"SEEM_{name}"] + [f"SEEM_{name[len('SOURCE_'):]}"] * name.startswith("SOURCE_")
        match = re.match(r"\s*#ifndef\s+(\w+)\s+#define\s+(\w+)\s", text)
        if not match or match.group(1) != match.group(2) or match.group(1) not in guards:
            yield f"{path}:1: the header must begin with #ifndef {guards[0]}, #define {guards[0]}"
            continue
        guard = match.group(1)
        if guard in seen:
            yield f"{path}:1: guard {guard} is also that of {seen[guard]}"
        seen[guard] = path


def check_mirrors(root, sources):
    headers = {path for path in sources if path.endswith(".h")}
    stems = {path.split("/")[-1][:-len(".h")]: path for path in sorted(headers) if path.startswith("include/seem/")}
    for path in sources:
        parts = path.split("/")
        if path.startswith("include/") and not re.fullmatch(r"include/seem/[a-z]+/[a-z0-9_]+\.h", path):
            yield f"{path}:1: a header's path is include/seem/<layer>/<name>.h in small letters"
        if parts[0] != "source" or not path.endswith(".cc") or len(parts) != 3:
            continue
        layer, stem = parts[1], parts[2][:-len(".cc")]
        if f"include/seem/{layer}/{stem}.h" in headers or f"source/{layer}/{stem}.h" in headers:
            continue
        if stem in stems:
            yield f"{path}:1: its header is {stems[stem]}; the two must have one relative path"
            continue
        included = [match.group(2) for match in INCLUDE.finditer(without_comments(read(root, path)))]
        if not any(name.startswith(f"seem/{layer}/") or f"source/{layer}/{name}" in headers for name in included):
            yield (f"{path}:1: neither include/seem/{layer}/{stem}.h nor source/{layer}/{stem}.h exists, "
                   f"and it includes no header of {layer}")


def check_licence(root, paths):
    for path in paths:
        text = read(root, path)
        script = text.startswith("#!")
        if not script and not path.endswith((".h", ".cc", ".py", ".cmake", ".in", "CMakeLists.txt")):
            continue
        if SPDX not in "\n".join(text.split("\n")[:SPDX_LINES]):
            yield f"{path}:1: no line '{SPDX}' among the first {SPDX_LINES}"


def named_paths(text):
    """(line, path) of what looks like a path of this repository in a Markdown text: `in backticks` or [a link](path)."""
    for number, line in enumerate(text.split("\n"), start=1):
        for match in re.finditer(r"`([^`]+)`|\]\(([^)#\s]+)[^)]*\)", line):
            linked = match.group(2) is not None
            for word in [match.group(2)] if linked else match.group(1).split():
                if not re.fullmatch(r"[A-Za-z0-9_.][A-Za-z0-9_./+-]*", word):
                    continue  # an option, a pattern, a URL, an absolute path
                word = re.sub(r"[.,:]+$", "", word)
                if word.startswith("./"):
                    word = word[2:]
                top = word.split("/")[0]
                known = "/" in word and top in TOP
                if linked or known:
                    yield number, word, linked


def ignored(root, path):
    """True if git ignores the path: a run or a build makes it."""
    try:
        return subprocess.run(["git", "-C", root, "check-ignore", "-q", path], check=False,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def check_docs(root):
    documents = [name for name in ("README.md", "CONTRIBUTING.md") if os.path.isfile(os.path.join(root, name))]
    documents += [path for path in files_below(root, "doc", "tools", "data", "tests", "benchmarks") if path.endswith(".md")]
    for document in documents:
        for line, path, linked in named_paths(read(root, document)):
            if path.split("/")[0].startswith(MADE) or "://" in path:
                continue
            places = [os.path.join(root, path)]
            if linked or document != "README.md":
                places.append(os.path.join(root, os.path.dirname(document), path))
            if not any(os.path.exists(place) for place in places) and not ignored(root, path):
                yield f"{document}:{line}: names {path}, which does not exist"


def findings(root):
    """All findings for the tree below root, each a line `path:line: what`."""
    sources = [path for path in files_below(root, "include", "source", "tests", "benchmarks", "python", "examples")
               if path.endswith((".h", ".cc"))]
    programs = sources + [path for path in files_below(root, "scripts", "tools", "cmake")
                          if not path.endswith((".md", ".pyc"))]
    programs += [path for path in files_below(root, "source", "tests", "benchmarks", "python", "examples", ".ci")
                 if path.endswith((".py", "CMakeLists.txt", ".cmake", ".c", ".f90")) or path.startswith(".ci/")]
    if os.path.isfile(os.path.join(root, "CMakeLists.txt")):
        programs.append("CMakeLists.txt")
    public = [path for path in sources
              if path.startswith("include/") and layer_of(path) in ALLOWED and layer_of(path) not in WITH_DEALII]
    return [*check_arrows(root, sources), *check_public(root, public), *check_guards(root, sources),
            *check_mirrors(root, sources), *check_licence(root, programs), *check_docs(root)]


def report(found):
    for finding in found:
        print(finding)
    if found:
        print(f"check_arrows.py: {len(found)} finding(s)", file=sys.stderr)
    return 1 if found else 0


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "--installed":
        return report(list(check_installed(sys.argv[2])))
    if len(sys.argv) > 2 or (len(sys.argv) == 2 and sys.argv[1].startswith("-")):
        print(__doc__)
        return 0 if sys.argv[1] in ("-h", "--help") else 2
    root = sys.argv[1] if len(sys.argv) == 2 else "."
    if not os.path.isdir(os.path.join(root, "include", "seem")):
        print(f"check_arrows.py: {root} has no include/seem: not the root of seem", file=sys.stderr)
        return 2
    return report(findings(root))


if __name__ == "__main__":
    sys.exit(main())
