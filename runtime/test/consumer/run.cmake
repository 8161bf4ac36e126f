# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Installs the library into a folder of its own, and builds and runs a project that finds it there.
function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "failed with ${result}: ${ARGV}")
  endif()
endfunction()

file(REMOVE_RECURSE ${WORK_DIRECTORY})
run(${CMAKE_COMMAND} --install ${BUILD_DIRECTORY} --component unlatch_runtime
  --prefix ${WORK_DIRECTORY}/prefix)
run(${CMAKE_COMMAND} -S ${SOURCE_DIRECTORY} -B ${WORK_DIRECTORY}/build
  -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER=${CXX_COMPILER} -DCMAKE_CXX_FLAGS=${CXX_FLAGS}
  -DCMAKE_PREFIX_PATH=${WORK_DIRECTORY}/prefix)
run(${CMAKE_COMMAND} --build ${WORK_DIRECTORY}/build)
run(${WORK_DIRECTORY}/build/consumer)
