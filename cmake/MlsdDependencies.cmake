# The components and what each of them needs: the one list, used by the build and installed beside the package config.

set(MLSD_COMPONENTS core eigen xtensor fmt sqlite import mlsd)

set(MLSD_core_PACKAGES Threads)
set(MLSD_eigen_PACKAGES Eigen3)
set(MLSD_xtensor_PACKAGES xtensor)
set(MLSD_fmt_PACKAGES fmt)
set(MLSD_sqlite_PACKAGES SQLite3)
set(MLSD_import_PACKAGES nlohmann_json)
set(MLSD_mlsd_PACKAGES "")

# Components that a component is made of. Whoever wants all headers need not have a database, nor read the models of
# other libraries: sqlite and import stand alone.
set(MLSD_core_PARTS "")
set(MLSD_eigen_PARTS core)
set(MLSD_xtensor_PARTS core)
set(MLSD_fmt_PARTS core)
set(MLSD_sqlite_PARTS core)
set(MLSD_import_PARTS core)
set(MLSD_mlsd_PARTS core eigen xtensor fmt)

# xtensor's target has no namespace, in any version. fmt may be there in its header-only form alone. CMake 4.3 renames
# SQLite's target.
set(MLSD_core_LINKS Threads::Threads)
set(MLSD_eigen_LINKS Eigen3::Eigen)
set(MLSD_xtensor_LINKS xtensor)
set(MLSD_fmt_LINKS "$<IF:$<TARGET_EXISTS:fmt::fmt>,fmt::fmt,fmt::fmt-header-only>")
set(MLSD_sqlite_LINKS "$<IF:$<TARGET_EXISTS:SQLite::SQLite3>,SQLite::SQLite3,SQLite3::SQLite3>")
set(MLSD_import_LINKS nlohmann_json::nlohmann_json)
set(MLSD_mlsd_LINKS "")

set(MLSD_Threads_TARGETS Threads::Threads)
set(MLSD_Eigen3_TARGETS Eigen3::Eigen)
set(MLSD_xtensor_TARGETS xtensor)
set(MLSD_fmt_TARGETS fmt::fmt fmt::fmt-header-only)
set(MLSD_SQLite3_TARGETS SQLite::SQLite3 SQLite3::SQLite3)
set(MLSD_nlohmann_json_TARGETS nlohmann_json::nlohmann_json)

# Packages that CMake itself knows how to find; the others bring a config file of their own.
set(MLSD_FOUND_BY_CMAKE Threads SQLite3)

# The oldest versions that are tested. They are compared here and never given to find_package: the version files of
# Eigen 3.4 and of Eigen 5 each refuse a request that names the other.
set(MLSD_Eigen3_OLDEST 3.4.0)
set(MLSD_xtensor_OLDEST 0.24.0)
set(MLSD_fmt_OLDEST 9.0.0)
set(MLSD_SQLite3_OLDEST 3.40.0)
set(MLSD_nlohmann_json_OLDEST 3.11.2)

# Finds `package` and sets mlsd_missing to a sentence, or to nothing. A macro: find_package leaves its variables behind.
macro(mlsd_find_package package)
  set(mlsd_missing "")
  set(mlsd_has_target FALSE)
  foreach(mlsd_target IN LISTS MLSD_${package}_TARGETS)
    if(TARGET ${mlsd_target})
      set(mlsd_has_target TRUE)
    endif()
  endforeach()
  if(NOT mlsd_has_target)
    if("${package}" IN_LIST MLSD_FOUND_BY_CMAKE)
      find_package(${package} QUIET)
    else()
      find_package(${package} QUIET CONFIG)
    endif()
    if(NOT ${package}_FOUND)
      set(mlsd_missing "package ${package} was not found (install it, or name its place in CMAKE_PREFIX_PATH)")
    endif()
  endif()
  if(DEFINED MLSD_${package}_OLDEST AND NOT "${${package}_VERSION}" STREQUAL "")
    if("${${package}_VERSION}" VERSION_LESS "${MLSD_${package}_OLDEST}")
      set(mlsd_missing "package ${package} is version ${${package}_VERSION}, older than ${MLSD_${package}_OLDEST}")
    endif()
  endif()
endmacro()

# Finds what `component` and its parts need; sets mlsd_<component>_MISSING to one sentence, or to nothing.
macro(mlsd_find_dependencies component)
  set(mlsd_${component}_MISSING "")
  foreach(mlsd_part IN LISTS MLSD_${component}_PARTS ITEMS ${component})
    foreach(mlsd_package IN LISTS MLSD_${mlsd_part}_PACKAGES)
      mlsd_find_package(${mlsd_package})
      if(mlsd_missing AND NOT mlsd_${component}_MISSING)
        set(mlsd_${component}_MISSING "${mlsd_missing}")
      endif()
    endforeach()
  endforeach()
endmacro()
