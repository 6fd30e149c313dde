from conan import ConanFile
from conan.tools.gnu import PkgConfig


class SystemFmt(ConanFile):
    """The system's own fmt, under the names and targets that Conan Center gives it."""

    name = "fmt"
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"header_only": [True, False]}
    default_options = {"header_only": False}

    def package_id(self):
        self.info.clear()

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "fmt")
        self.cpp_info.set_property("cmake_target_name", "fmt::fmt-header-only" if self.options.header_only else "fmt::fmt")
        self.cpp_info.bindirs = self.cpp_info.libdirs = []
        PkgConfig(self, "fmt").fill_cpp_info(self.cpp_info)
        if self.options.header_only:
            self.cpp_info.libs = []
            self.cpp_info.defines = ["FMT_HEADER_ONLY=1"]
