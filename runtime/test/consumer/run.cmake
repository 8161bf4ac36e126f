# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Builds and runs a program that finds the library in one of the ways that there are:
#   find_package, pkg_config  where it was installed, which is a folder of its own here
#   fetch_content             among the sources, as a part of the program's own build
#   include_path              by the compiler's -I
function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "failed with ${result}: ${ARGV}")
  endif()
endfunction()

function(install_library)
  run(${CMAKE_COMMAND} --install ${BUILD_DIRECTORY} --component unlatch_runtime
    --prefix ${WORK_DIRECTORY}/prefix)
endfunction()

function(build_with_cmake)
  run(${CMAKE_COMMAND} -S ${CONSUMER_DIRECTORY}/${WAY} -B ${WORK_DIRECTORY}
    -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER=${CXX_COMPILER} -DCMAKE_CXX_FLAGS=${CXX_FLAGS}
    ${ARGN})
  run(${CMAKE_COMMAND} --build ${WORK_DIRECTORY})
endfunction()

function(build_by_hand)
  separate_arguments(flags UNIX_COMMAND "${CXX_FLAGS} -std=c++17 ${ARGN}")
  run(${CXX_COMPILER} ${flags} ${CONSUMER_DIRECTORY}/main.cpp -o ${WORK_DIRECTORY}/consumer)
endfunction()

file(REMOVE_RECURSE ${WORK_DIRECTORY})
file(MAKE_DIRECTORY ${WORK_DIRECTORY})
if(WAY STREQUAL "find_package")
  install_library()
  build_with_cmake(-DCMAKE_PREFIX_PATH=${WORK_DIRECTORY}/prefix)
elseif(WAY STREQUAL "fetch_content")
  build_with_cmake(-DFETCHCONTENT_SOURCE_DIR_UNLATCH=${PROJECT_DIRECTORY})
elseif(WAY STREQUAL "pkg_config")
  find_program(PKG_CONFIG pkg-config)
  if(NOT PKG_CONFIG)
    message("skipped: there is no pkg-config")
    return()
  endif()
  install_library()
  execute_process(
    COMMAND ${CMAKE_COMMAND} -E env PKG_CONFIG_PATH=${WORK_DIRECTORY}/prefix/${PKG_CONFIG_DIRECTORY}
      ${PKG_CONFIG} --cflags --libs "unlatch >= 0.1"
    OUTPUT_VARIABLE flags OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  build_by_hand(${flags})
elseif(WAY STREQUAL "include_path")
  build_by_hand(-I${PROJECT_DIRECTORY}/runtime/include -pthread)
else()
  message(FATAL_ERROR "no such way: ${WAY}")
endif()
run(${WORK_DIRECTORY}/consumer)
