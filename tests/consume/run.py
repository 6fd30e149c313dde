#!/usr/bin/env python3
"""Takes mlsd the ways its users do, in projects of their own: see CMakeLists.txt for the parts and their order."""
import argparse
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
WITHOUT_DEPENDENCIES = [f"-DCMAKE_DISABLE_FIND_PACKAGE_{name}=ON" for name in ("Eigen3", "xtensor", "fmt", "SQLite3", "nlohmann_json")]
WARNINGS = "-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Werror".split()

options = None
passed = 0
failed = 0


def report(name, problem=None):
    """One line a case; a case passes when there is no problem."""
    global passed, failed
    passed += problem is None
    failed += problem is not None
    print(f"{'ok  ' if problem is None else 'FAIL'} {name}", flush=True)
    if problem is not None:
        print("     " + problem.strip()[-3000:].replace("\n", "\n     "), flush=True)


def run(command, **more):
    """(succeeded, all output)"""
    done = subprocess.run([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", check=False, **more)
    return done.returncode == 0, done.stdout


def version():
    text = (options.source / "include/mlsd/version.hpp").read_text()
    return ".".join(re.search(rf"MLSD_VERSION_{part} (\d+)", text).group(1) for part in ("MAJOR", "MINOR", "PATCH"))


def series():
    return ".".join(version().split(".")[:2])


def prefix():
    return options.scratch / "moved prefix"


def configure(name, how, arguments="", programs="", definitions=()):
    """Configures the consumer project; (succeeded, output, its build folder)."""
    folder = options.scratch / "projects" / re.sub(r"\W+", "_", name)
    shutil.rmtree(folder, ignore_errors=True)
    command = [options.cmake, "-S", HERE / "project", "-B", folder, "-G", options.generator,
               f"-DCMAKE_CXX_COMPILER={options.compiler}", "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_CXX_FLAGS_DEBUG=-O0",
               "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", "-DCMAKE_FIND_USE_PACKAGE_REGISTRY=OFF",
               f"-DHOW={how}", f"-DARGUMENTS={arguments}", f"-DPROGRAMS={programs}", f"-DMLSD_SOURCE={options.source}"]
    if options.launcher:
        command.append(f"-DCMAKE_CXX_COMPILER_LAUNCHER={options.launcher}")
    return *run([*command, *definitions]), folder


def works(name, how, arguments="", programs="", definitions=(), check=None):
    """The project configures, builds, and each program prints the version."""
    good, output, folder = configure(name, how, arguments, programs, definitions)
    if good:
        good, output = run([options.cmake, "--build", folder])
    for program in programs.split(";") if good and programs else ():
        good, output = run([folder / f"use_{program}"])
        if good and f"mlsd {version()} {program}" not in output:
            good = False
        if not good:
            break
    problem = None if good else output or "(no output)"
    if good and check:
        problem = check(folder)
    report(name, problem)


def refuses(name, message, how, arguments="", definitions=(), programs=""):
    """The project does not configure, and CMake's output, its line breaks undone, contains the message."""
    good, output, _ = configure(name, how, arguments, programs, definitions)
    flat = re.sub(r"\s+", " ", output)
    if good:
        report(name, "it configures:\n" + output)
    else:
        report(name, None if re.search(message, flat) else f"no message matches {message!r}:\n{output}")


def install():
    """Installs to one place and moves everything to another, so that all that follows proves the prefix relocatable."""
    first = options.scratch / "first prefix"
    for folder in (first, prefix()):
        shutil.rmtree(folder, ignore_errors=True)
    good, output = run([options.cmake, "--install", options.build, "--prefix", first])
    report("install", None if good else output)
    if not good:
        return
    first.rename(prefix())
    source = {path.relative_to(options.source / "include") for path in (options.source / "include").rglob("*.hpp")}
    there = {path.relative_to(prefix() / "include") for path in (prefix() / "include").rglob("*") if path.is_file()}
    report("every header is installed", None if source == there else f"they differ in {sorted(map(str, source ^ there))}")
    leaks = [str(path) for path in prefix().rglob("*") if path.is_file() and path.suffix != ".hpp"
             and any(str(place) in path.read_text() for place in (options.source, options.build, first))]
    report("no installed file names a folder of this machine", "\n".join(leaks) or None)


def find_package():
    here = f"-DCMAKE_PREFIX_PATH={prefix()}"
    every = "core;eigen;xtensor;fmt;sqlite;import;mlsd"

    def flags(folder):
        found = "-ffp-contract=off" in (folder / "compile_commands.json").read_text()
        return None if found else "-ffp-contract=off is not among the flags"

    def no_flags(folder):
        text = (folder / "compile_commands.json").read_text()
        return "mlsd brought flags of its own: " + text if re.search(r"-ffp|-march|-O[1-9]", text) else None

    works("find_package: everything", "find_package", f"{series()};REQUIRED;COMPONENTS;mlsd;sqlite;import", every, [here],
          no_flags)
    works("find_package: everything but a database and other libraries' models", "find_package", "REQUIRED", "core;mlsd",
          [here, "-DCMAKE_DISABLE_FIND_PACKAGE_SQLite3=ON", "-DCMAKE_DISABLE_FIND_PACKAGE_nlohmann_json=ON"])
    works("find_package: core, and no dependency to be found", "find_package", "REQUIRED;COMPONENTS;core", "core",
          [here, *WITHOUT_DEPENDENCIES])
    for one in ("eigen", "xtensor", "fmt", "sqlite", "import"):
        mark = "nlohmann" if one == "import" else one
        others = [flag for flag in WITHOUT_DEPENDENCIES if mark not in flag.lower()]
        works(f"find_package: {one} alone", "find_package", f"REQUIRED;COMPONENTS;{one}", one, [here, *others])
    works("find_package: optional component, its dependency absent", "find_package",
          "REQUIRED;COMPONENTS;core;OPTIONAL_COMPONENTS;eigen", "core",
          [here, *WITHOUT_DEPENDENCIES, "-DEXPECT_FOUND=core=TRUE;eigen=FALSE"])
    works("find_package: optional component, its dependency there", "find_package",
          "REQUIRED;COMPONENTS;core;OPTIONAL_COMPONENTS;eigen;nonsense", "core;eigen",
          [here, "-DEXPECT_FOUND=core=TRUE;eigen=TRUE;nonsense=FALSE"])
    works("find_package: twice, then more", "find_package_twice", "REQUIRED", "core;mlsd", [here])
    works("find_package: exact version", "find_package", f"{version()};EXACT;REQUIRED;COMPONENTS;core", "core", [here])
    works("find_package: mlsd::reproducible", "find_package", "REQUIRED;COMPONENTS;core", "core",
          [here, "-DEXTRA=mlsd::reproducible"], flags)
    works("find_package: from a project with the policies of CMake 3.5", "find_package", "REQUIRED", "mlsd",
          [here, "-DPOLICIES=3.5", "-Wno-deprecated"])
    works("find_package: QUIET without dependencies", "find_package", "QUIET", "",
          [here, *WITHOUT_DEPENDENCIES])

    refuses("find_package: unknown component", "mlsd has no component 'nonsense'; it has core, eigen", "find_package",
            "REQUIRED;COMPONENTS;nonsense", [here])
    for other in ("0.0", "99.0", f"{series()}.99"):
        refuses(f"find_package: version {other}", f"{re.escape(version())}", "find_package", f"{other};REQUIRED", [here])
    for package, component in (("Eigen3", "eigen"), ("xtensor", "xtensor"), ("fmt", "fmt"), ("SQLite3", "sqlite"),
                               ("nlohmann_json", "import")):
        absent = f"-DCMAKE_DISABLE_FIND_PACKAGE_{package}=ON"
        refuses(f"find_package: {component} without {package}",
                f"component '{component}' cannot be used: package {package} was not found .*COMPONENTS core needs",
                "find_package", f"REQUIRED;COMPONENTS;{component}", [here, absent])
        if component in ("sqlite", "import"):
            continue
        refuses(f"find_package: everything without {package}", f"package {package} was not found .*COMPONENTS core needs",
                "find_package", "REQUIRED", [here, absent])
    old = options.scratch / "old" / "Eigen3Config.cmake"
    old.parent.mkdir(parents=True, exist_ok=True)
    old.write_text("set(Eigen3_FOUND TRUE)\nadd_library(Eigen3::Eigen INTERFACE IMPORTED)\n")
    old.with_name("Eigen3ConfigVersion.cmake").write_text('set(PACKAGE_VERSION "3.3.9")\n')
    refuses("find_package: an Eigen too old", "package Eigen3 is version 3.3.9, older than 3.4.0", "find_package",
            "REQUIRED;COMPONENTS;eigen", [here, f"-DEigen3_DIR={old.parent}"])


def source():
    def quiet_guest(folder):
        cache = (folder / "CMakeCache.txt").read_text()
        on = re.findall(r"^(MLSD_(?:BUILD_\w+|INSTALL)):BOOL=ON", cache, re.M)
        return f"{on} are on in somebody else's project" if on else None

    every = "core;eigen;xtensor;fmt;sqlite;import;mlsd"
    works("add_subdirectory: everything", "add_subdirectory", "", every, check=quiet_guest)
    works("add_subdirectory: core, and no dependency to be found", "add_subdirectory", "", "core", WITHOUT_DEPENDENCIES)
    refuses("add_subdirectory: eigen without Eigen3", "mlsd::eigen cannot be used in this build: package Eigen3 was not found",
            "add_subdirectory", "", WITHOUT_DEPENDENCIES, "eigen")
    works("add_subdirectory: into a project with the policies of CMake 3.5", "add_subdirectory", "", "mlsd",
          ["-DPOLICIES=3.5", "-Wno-deprecated"])
    works("FetchContent: from a folder", "fetch", "", "core;mlsd", check=quiet_guest)
    works("FetchContent: as a system library", "fetch", "SYSTEM" if cmake_at_least(3, 25) else "", "core")
    works("FetchContent: an installed mlsd comes first", "fetch", f"FIND_PACKAGE_ARGS;{series()};COMPONENTS;core", "core",
          [f"-DCMAKE_PREFIX_PATH={prefix()}", "-DEXPECT_FOUND=core=TRUE", *WITHOUT_DEPENDENCIES])


def cmake_at_least(major, minor):
    found = re.search(r"(\d+)\.(\d+)", run([options.cmake, "--version"])[1])
    return (int(found.group(1)), int(found.group(2))) >= (major, minor)


def compile_and_run(name, program, flags, wanted):
    binary = options.scratch / re.sub(r"\W+", "_", f"{name} {program.stem}")
    launcher = [options.launcher] if options.launcher else []
    good, output = run([*launcher, options.compiler, "-std=c++20", *WARNINGS, program, "-o", binary, *flags])
    if good:
        good, output = run([binary])
        if good and wanted not in output:
            good, output = False, f"it prints {output!r}, without {wanted!r}"
    report(f"{name}: {program.name}", None if good else output)


def pkg_config():
    tool = shutil.which("pkg-config")
    if not tool:
        report("pkg-config", "there is no pkg-config; scripts/bootstrap installs it")
        return
    more = os.pathsep.join(filter(None, [str(prefix() / "share/pkgconfig"), os.environ.get("PKG_CONFIG_PATH")]))
    environment = {**os.environ, "PKG_CONFIG_PATH": more}
    for package in ("mlsd-core", "mlsd-eigen", "mlsd-xtensor", "mlsd-fmt", "mlsd-sqlite", "mlsd-import", "mlsd"):
        good, output = run([tool, "--modversion", package], env=environment)
        report(f"pkg-config: version of {package}", None if good and output.strip() == version() else output)
        good, output = run([tool, "--cflags", "--libs", package], env=environment)
        if not good:
            report(f"pkg-config: {package}", output)
            continue
        # The prefix has a blank in its name, which pkg-config escapes; dependencies are the system's, not ours to warn of.
        flags = [re.sub(r"\\(.)", r"\1", flag) for flag in re.split(r"(?<!\\)\s+", output.strip())]
        flags = ["-isystem" + flag[2:] if flag.startswith("-I") and prefix().name not in flag else flag for flag in flags]
        program = package.removeprefix("mlsd-") if package != "mlsd" else "mlsd"
        compile_and_run("pkg-config", HERE / "project" / f"{program}.cpp", flags, f"mlsd {version()} {program}")


def venv_folder():
    return options.scratch / "venv"


def venv():
    requirements = HERE / "requirements.txt"
    stamp = venv_folder() / "complete"
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        report("virtual environment, already there")
        return
    shutil.rmtree(venv_folder(), ignore_errors=True)
    good, output = run([sys.executable, "-m", "venv", venv_folder()])
    if not good:
        report("virtual environment", output + "\nPython cannot make virtual environments here; scripts/bootstrap installs "
               "what is missing.")
        return
    good, output = run([venv_folder() / "bin/python", "-m", "pip", "install", "--quiet", "--no-input",
                        "--disable-pip-version-check", "-r", requirements])
    if good:
        stamp.write_text(wanted)
    report("virtual environment", None if good else output + "\npip could not install Conan and the headers of fmt 12: is "
           "the network there?")


def newer_fmt():
    """All that touches fmt, with the headers of fmt 12 in place of the system's."""
    found = sorted(venv_folder().glob("lib/python*/site-packages/cmeel.prefix/include/fmt/base.h"))
    if not found:
        report("fmt 12", "its headers are not in the virtual environment")
        return
    fmt = found[0].parent.parent
    eigen = ["-isystem" + part[2:] for part in run(["pkg-config", "--cflags", "eigen3"])[1].split() if part[:2] == "-I"]
    flags = [f"-I{options.source / 'include'}", "-isystem", fmt, *eigen, "-DFMT_HEADER_ONLY", "-pthread"]
    compile_and_run("fmt 12", HERE / "project" / "fmt.cpp", flags, f"mlsd {version()} fmt 12")

    every = options.scratch / "every_header.cpp"
    headers = sorted(path for path in (options.source / "include").rglob("*.hpp") if "sqlite" not in path.name)
    every.write_text("".join(f'#include "{path.relative_to(options.source / "include").as_posix()}"\n' for path in headers))
    good, output = run([options.compiler, "-std=c++20", *WARNINGS, "-fsyntax-only", *flags, every])
    report("fmt 12: every header", None if good else output)

    test = options.source / "tests/interop/fmt.test.cpp"
    if options.catch_main and test.is_file():
        more = [f"-I{options.source / 'tests'}", options.catch_main]
        compile_and_run("fmt 12", test, [*flags, *more], "All tests passed")


def conan():
    """`conan create`, with a home of its own, without the network: the dependencies are the system's, by local recipes."""
    tool = venv_folder() / "bin/conan"
    home = options.scratch / "conan_home"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    environment = {**os.environ, "CONAN_HOME": str(home), "CXX": options.compiler, "CONAN_NON_INTERACTIVE": "1",
                   "PATH": f"{pathlib.Path(options.cmake).parent}{os.pathsep}{os.environ['PATH']}"}

    def step(name, *arguments, wanted=None, must_fail=False):
        good, output = run([tool, *arguments], env=environment, cwd=options.scratch)
        if must_fail:
            good = not good
        if good and wanted and not re.search(wanted, output):
            good = False
        report(f"conan: {name}", None if good else output)
        return good

    step("profile", "profile", "detect", "--force")
    run([tool, "remote", "remove", "*"], env=environment)
    step("the system's libraries as recipes", "remote", "add", "system", HERE / "conan", "--type=local-recipes-index")
    recipe = options.source
    step("version is the header's", "inspect", recipe, wanted=rf"version: {re.escape(version())}")
    # The build of test_package stays out of the sources.
    create = ["create", recipe, "-c", f"tools.cmake.cmake_layout:test_folder={options.scratch / 'conan_test'}",
              "-c", "tools.cmake.cmaketoolchain:user_presets=",
              "-c", f"tools.cmake.cmaketoolchain:generator={options.generator}", "-s", "compiler.cppstd=20"]
    release = [*create, "-s", "build_type=Release", "--build=missing"]
    if not step("create, and test_package", *release, wanted=rf"mlsd {re.escape(version())} mlsd"):
        return
    step("create for Debug", *create, "-s", "build_type=Debug", "--build=missing:mlsd/*")
    good, output = run([tool, "list", "mlsd/*:*", "--format=json"], env=environment)
    ids = set(re.findall(r'"([0-9a-f]{40})": ', output))
    report("conan: one package for Debug and Release", None if len(ids) == 1 else output)
    step("core alone needs nothing", *release, "-o", "mlsd/*:with_eigen=False", "-o",
         "mlsd/*:with_xtensor=False", "-o", "mlsd/*:with_fmt=False", wanted=rf"mlsd {re.escape(version())} core")
    step("with the importers", *release, "-o", "mlsd/*:with_import=True", wanted=rf"mlsd {re.escape(version())} import")
    step("with SQLite", *release, "-o", "mlsd/*:with_sqlite=True", wanted=rf"mlsd {re.escape(version())} sqlite")
    step("C++17 is refused", *release, "-s", "compiler.cppstd=17", must_fail=True,
         wanted="(?i)invalid|cppstd")


PARTS = {function.__name__: function
         for function in (install, find_package, source, pkg_config, venv, newer_fmt, conan)}


def main():
    global options
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=PARTS)
    for name in ("source", "build", "scratch"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    for name in ("cmake", "generator", "compiler"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--launcher")
    parser.add_argument("--catch-main")
    options = parser.parse_args()
    options.scratch.mkdir(parents=True, exist_ok=True)
    PARTS[options.part]()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


sys.exit(main())
