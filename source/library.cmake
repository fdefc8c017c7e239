# SPDX-License-Identifier: LGPL-2.1-or-later
# libseem: the layers below the solver as one shared library for other programs, with its installation. It is made of the
# objects of the layers; the program seem is linked with the layers themselves and needs no libseem.
include(CMakePackageConfigHelpers)

set(SEEM_LIBRARY_LAYERS core law database)
if(SEEM_WITH_IO)
  list(APPEND SEEM_LIBRARY_LAYERS io c)
endif()

# seem_shared_library(TARGET EXPORT): what the shared libraries have in common; they are installed as seem::EXPORT.
function(seem_shared_library target export)
  # Below version 1 every minor version may change the binary interface.
  set_target_properties(${target} PROPERTIES
    EXPORT_NAME ${export}
    LINKER_LANGUAGE CXX
    VERSION ${PROJECT_VERSION}
    SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
    LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib
    INSTALL_RPATH $ORIGIN
    INSTALL_RPATH_USE_LINK_PATH ON)
  target_compile_features(${target} PUBLIC cxx_std_17)
  target_include_directories(${target} INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
                                                 $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>
                                                 $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  install(TARGETS ${target} EXPORT seemTargets
          LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library NAMELINK_COMPONENT library)
endfunction()

add_library(seem_library SHARED)
set_target_properties(seem_library PROPERTIES OUTPUT_NAME seem)
foreach(layer ${SEEM_LIBRARY_LAYERS})
  target_sources(seem_library PRIVATE $<TARGET_OBJECTS:seem_${layer}>)
endforeach()
# Private: what the installed headers do not include.
target_link_libraries(seem_library PUBLIC Eigen3::Eigen PRIVATE seem_flags fmt::fmt Boost::serialization)
if(SEEM_WITH_IO)
  target_link_libraries(seem_library PRIVATE ZLIB::ZLIB ${LIBZIP_LIBRARY} ${LIBDEFLATE_LIBRARY} ${HDF5_C_LIBRARIES})
endif()
seem_shared_library(seem_library seem)

if(SEEM_WITH_IO)
  # On its own: a host may have an umat_ too.
  add_library(seem_umat SHARED c/umat.cc)
  target_link_libraries(seem_umat PUBLIC seem_library PRIVATE seem_flags)
  seem_shared_library(seem_umat umat)
endif()

# The public headers: whole layers, but of io only what needs no statistics.
foreach(layer core law database c)
  if(layer IN_LIST SEEM_LIBRARY_LAYERS)
    install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/seem/${layer} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/seem
            COMPONENT library FILES_MATCHING PATTERN "*.h")
  endif()
endforeach()
install(FILES ${PROJECT_BINARY_DIR}/include/seem/core/version.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/seem/core
        COMPONENT library)
if(SEEM_WITH_IO)
  install(FILES ${PROJECT_SOURCE_DIR}/include/seem/io/database_file.h ${PROJECT_SOURCE_DIR}/include/seem/io/material.h
          DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/seem/io COMPONENT library)
  # For hosts that compile their user subroutine themselves.
  install(FILES c/umat.cc DESTINATION ${CMAKE_INSTALL_DATADIR}/seem COMPONENT library)
endif()

set(SEEM_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/seem)
install(EXPORT seemTargets NAMESPACE seem:: DESTINATION ${SEEM_CMAKE_DIR} COMPONENT library)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/seemConfig.cmake.in ${PROJECT_BINARY_DIR}/seemConfig.cmake
                              INSTALL_DESTINATION ${SEEM_CMAKE_DIR})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/seemConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/seemConfig.cmake ${PROJECT_BINARY_DIR}/seemConfigVersion.cmake
        DESTINATION ${SEEM_CMAKE_DIR} COMPONENT library)

# The prefix relative to seem.pc: the tree may be moved, and `cmake --install --prefix` may choose it late.
file(RELATIVE_PATH SEEM_PC_TO_PREFIX ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
configure_file(${PROJECT_SOURCE_DIR}/cmake/seem.pc.in ${PROJECT_BINARY_DIR}/seem.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/seem.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT library)
