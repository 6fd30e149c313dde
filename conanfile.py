import os
import re

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.files import copy, load


class MlsdConan(ConanFile):
    name = "mlsd"
    description = "Machine-learning systems composed at compile time"
    license = "MIT"
    topics = ("machine-learning", "feature-engineering", "gradient-boosting", "recommendation", "header-only")
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"with_eigen": [True, False], "with_xtensor": [True, False], "with_fmt": [True, False],
               "with_sqlite": [True, False], "with_import": [True, False]}
    default_options = {"with_eigen": True, "with_xtensor": True, "with_fmt": True, "with_sqlite": False, "with_import": False,
                       "fmt/*:header_only": True}
    exports_sources = "include/*", "cmake/MlsdReproducible.cmake", "LICENSE"
    test_package_folder = "tests/consume/conan/test_package"
    no_copy_source = True

    def set_version(self):
        text = load(self, os.path.join(self.recipe_folder, "include", "mlsd", "version.hpp"))
        parts = (re.search(rf"MLSD_VERSION_{part} (\d+)", text).group(1) for part in ("MAJOR", "MINOR", "PATCH"))
        self.version = ".".join(parts)

    def requirements(self):
        if self.options.with_eigen:
            self.requires("eigen/[>=3.4.0]")
        if self.options.with_xtensor:
            self.requires("xtensor/[>=0.24.0]")
        if self.options.with_fmt:
            self.requires("fmt/[>=9.0.0]")
        if self.options.with_sqlite:
            self.requires("sqlite3/[>=3.40.0]")
        if self.options.with_import:
            self.requires("nlohmann_json/[>=3.11.2]")

    def validate(self):
        check_min_cppstd(self, 20)

    def package_id(self):
        self.info.clear()

    def package(self):
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))
        copy(self, "*.hpp", os.path.join(self.source_folder, "include"), os.path.join(self.package_folder, "include"))
        copy(self, "*.cmake", os.path.join(self.source_folder, "cmake"),
             os.path.join(self.package_folder, "share", "cmake", "mlsd"))

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "mlsd")
        self.cpp_info.set_property("cmake_target_name", "mlsd::mlsd")
        self.cpp_info.set_property("cmake_config_version_compat", "SameMinorVersion")
        self.cpp_info.set_property("cmake_build_modules", [os.path.join("share", "cmake", "mlsd", "MlsdReproducible.cmake")])
        components = [("core", None)]
        components += [("eigen", "eigen")] if self.options.with_eigen else []
        components += [("xtensor", "xtensor")] if self.options.with_xtensor else []
        components += [("fmt", "fmt")] if self.options.with_fmt else []
        components += [("sqlite", "sqlite3")] if self.options.with_sqlite else []
        components += [("import", "nlohmann_json")] if self.options.with_import else []
        for name, package in components:
            component = self.cpp_info.components[name]
            component.set_property("cmake_target_name", f"mlsd::{name}")
            component.set_property("pkg_config_name", f"mlsd-{name}")
            component.bindirs = component.libdirs = []
            component.requires = ["core", f"{package}::{package}"] if package else []
            if name == "core" and self.settings.get_safe("os") in ("Linux", "FreeBSD"):
                component.system_libs = ["pthread"]
