from conan import ConanFile
from conan.tools.gnu import PkgConfig


class SystemEigen(ConanFile):
    """The system's own eigen3, under the name and target that Conan Center gives it."""

    name = "eigen"
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"

    def package_id(self):
        self.info.clear()

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "Eigen3")
        self.cpp_info.set_property("cmake_target_name", "Eigen3::Eigen")
        self.cpp_info.bindirs = self.cpp_info.libdirs = []
        PkgConfig(self, "eigen3").fill_cpp_info(self.cpp_info)
