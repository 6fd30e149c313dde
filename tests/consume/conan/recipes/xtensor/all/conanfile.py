from conan import ConanFile
from conan.tools.gnu import PkgConfig


class SystemXtensor(ConanFile):
    """The system's own xtensor, under the name and target that Conan Center gives it."""

    name = "xtensor"
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"

    def package_id(self):
        self.info.clear()

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "xtensor")
        self.cpp_info.set_property("cmake_target_name", "xtensor")
        self.cpp_info.bindirs = self.cpp_info.libdirs = []
        PkgConfig(self, "xtensor").fill_cpp_info(self.cpp_info)
