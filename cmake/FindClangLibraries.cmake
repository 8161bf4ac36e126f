# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Finds LLVM and Clang 22 and offers them as one target, unlatch_clang, with our warnings beside it.

# Debian's version file refuses a request for "22", so any version is accepted and checked here.
find_package(LLVM REQUIRED CONFIG HINTS /usr/lib/llvm-22/lib/cmake/llvm NO_DEFAULT_PATH)
find_package(Clang REQUIRED CONFIG HINTS /usr/lib/llvm-22/lib/cmake/clang NO_DEFAULT_PATH)
if(NOT LLVM_VERSION_MAJOR EQUAL 22)
  message(FATAL_ERROR "unlatch needs LLVM 22, found ${LLVM_PACKAGE_VERSION} in ${LLVM_DIR}. "
                      "On Debian 12: apt-get install llvm-22-dev libclang-22-dev")
endif()

# The directory of Clang's own headers; the one that Clang would compute from our binary's place
# does not exist.
set(UNLATCH_RESOURCE_DIRECTORY ${LLVM_LIBRARY_DIR}/clang/${LLVM_VERSION_MAJOR})
if(NOT EXISTS ${UNLATCH_RESOURCE_DIRECTORY}/include/stddef.h)
  message(FATAL_ERROR "Clang's own headers are missing from ${UNLATCH_RESOURCE_DIRECTORY}. "
                      "On Debian 12: apt-get install libclang-common-22-dev")
endif()

add_library(unlatch_clang INTERFACE)
target_include_directories(unlatch_clang SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS} ${CLANG_INCLUDE_DIRS})
target_link_libraries(unlatch_clang INTERFACE clang-cpp LLVM)
separate_arguments(UNLATCH_LLVM_DEFINITIONS NATIVE_COMMAND "${LLVM_DEFINITIONS}")
target_compile_options(unlatch_clang INTERFACE ${UNLATCH_LLVM_DEFINITIONS}
  $<$<NOT:$<BOOL:${LLVM_ENABLE_RTTI}>>:-fno-rtti>)

add_library(unlatch_warnings INTERFACE)
target_compile_options(unlatch_warnings INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Werror)
