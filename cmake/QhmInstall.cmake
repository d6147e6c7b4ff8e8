# Install rules: library, headers, command, a CMake package and a pkg-config file.
include(CMakePackageConfigHelpers)

install(TARGETS qhm EXPORT qhm-targets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/devices/ DESTINATION ${CMAKE_INSTALL_DATADIR}/qhm/devices)
set_target_properties(qhm_qir PROPERTIES INSTALL_RPATH "$ORIGIN")
install(TARGETS qhm_qir LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
if(TARGET qhm_command)
  set_target_properties(qhm_command PROPERTIES INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}")
  install(TARGETS qhm_command RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  install(FILES ${PROJECT_SOURCE_DIR}/docs/qhm.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endif()

set(qhm_cmake_folder ${CMAKE_INSTALL_LIBDIR}/cmake/qhm)
install(EXPORT qhm-targets NAMESPACE qhm:: DESTINATION ${qhm_cmake_folder})
file(WRITE ${PROJECT_BINARY_DIR}/qhm-config.cmake
  "include(\"\${CMAKE_CURRENT_LIST_DIR}/qhm-targets.cmake\")\n")
write_basic_package_version_file(${PROJECT_BINARY_DIR}/qhm-config-version.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/qhm-config.cmake ${PROJECT_BINARY_DIR}/qhm-config-version.cmake
  DESTINATION ${qhm_cmake_folder})

file(RELATIVE_PATH QHM_PC_TO_PREFIX
  ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" QHM_PC_TO_PREFIX "${QHM_PC_TO_PREFIX}")
configure_file(${PROJECT_SOURCE_DIR}/cmake/qhm.pc.in ${PROJECT_BINARY_DIR}/qhm.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/qhm.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
