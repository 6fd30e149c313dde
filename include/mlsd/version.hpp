/// The one home of the version: CMake, Conan and the file format read it from here.
#pragma once

#define MLSD_VERSION_MAJOR 0
#define MLSD_VERSION_MINOR 1
#define MLSD_VERSION_PATCH 0

namespace mlsd {

inline constexpr struct version_number {
  int major, minor, patch;
} library_version{MLSD_VERSION_MAJOR, MLSD_VERSION_MINOR, MLSD_VERSION_PATCH};

}  // namespace mlsd
