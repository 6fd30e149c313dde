# Install rules: headers, one target file a component, the config with its dependency list, pkg-config files.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(mlsd_config_dir ${CMAKE_INSTALL_DATADIR}/cmake/mlsd)
foreach(component IN LISTS MLSD_COMPONENTS)
  install(TARGETS mlsd_${component} EXPORT mlsd-${component} FILE_SET HEADERS
          DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT mlsd)
  install(EXPORT mlsd-${component} NAMESPACE mlsd:: FILE mlsd-${component}-targets.cmake
          DESTINATION ${mlsd_config_dir} COMPONENT mlsd)
endforeach()

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/mlsd-config.cmake.in ${PROJECT_BINARY_DIR}/mlsd-config.cmake
                              INSTALL_DESTINATION ${mlsd_config_dir} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/mlsd-config-version.cmake
                                 COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES ${PROJECT_BINARY_DIR}/mlsd-config.cmake ${PROJECT_BINARY_DIR}/mlsd-config-version.cmake
              ${CMAKE_CURRENT_LIST_DIR}/MlsdDependencies.cmake ${CMAKE_CURRENT_LIST_DIR}/MlsdReproducible.cmake
        DESTINATION ${mlsd_config_dir} COMPONENT mlsd)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/licenses/mlsd COMPONENT mlsd)

# pkg-config: every path is relative to the file itself, so that the prefix can be moved.
set(mlsd_pc_dir ${CMAKE_INSTALL_DATADIR}/pkgconfig)
file(RELATIVE_PATH mlsd_pc_prefix /prefix/${mlsd_pc_dir} /prefix)
string(REGEX REPLACE "/$" "" mlsd_pc_prefix "${mlsd_pc_prefix}")
set(mlsd_pc_core "")
set(mlsd_pc_eigen "mlsd-core eigen3 >= ${MLSD_Eigen3_OLDEST}")
set(mlsd_pc_xtensor "mlsd-core xtensor >= ${MLSD_xtensor_OLDEST}")
set(mlsd_pc_fmt "mlsd-core fmt >= ${MLSD_fmt_OLDEST}")
set(mlsd_pc_sqlite "mlsd-core sqlite3 >= ${MLSD_SQLite3_OLDEST}")
set(mlsd_pc_import "mlsd-core nlohmann_json >= ${MLSD_nlohmann_json_OLDEST}")
set(mlsd_pc_mlsd "mlsd-eigen mlsd-xtensor mlsd-fmt")
foreach(component IN LISTS MLSD_COMPONENTS)
  set(mlsd_pc_name mlsd-${component})
  if(component STREQUAL "mlsd")
    set(mlsd_pc_name mlsd)
  endif()
  set(mlsd_pc_requires ${mlsd_pc_${component}})
  configure_file(${CMAKE_CURRENT_LIST_DIR}/mlsd.pc.in ${PROJECT_BINARY_DIR}/${mlsd_pc_name}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/${mlsd_pc_name}.pc DESTINATION ${mlsd_pc_dir} COMPONENT mlsd)
endforeach()
