from conan import ConanFile
from conan.tools.gnu import PkgConfig


class SystemSqlite(ConanFile):
    """The system's own SQLite, under the name and target that Conan Center gives it."""

    name = "sqlite3"
    package_type = "shared-library"
    settings = "os", "arch", "compiler", "build_type"

    def package_id(self):
        self.info.clear()

    def package_info(self):
        self.cpp_info.set_property("cmake_find_mode", "both")
        self.cpp_info.set_property("cmake_file_name", "SQLite3")
        self.cpp_info.set_property("cmake_target_name", "SQLite::SQLite3")
        self.cpp_info.bindirs = self.cpp_info.libdirs = []
        PkgConfig(self, "sqlite3").fill_cpp_info(self.cpp_info)
