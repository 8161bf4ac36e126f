# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Builds programs of one form, which have to work, and of two, which must not.
separate_arguments(compile UNIX_COMMAND "${CXX_COMPILER} ${CXX_FLAGS} -std=c++17 -pthread")
set(lock_free -UUNLATCH_FALLBACK_MUTEX)
set(with_mutex -DUNLATCH_FALLBACK_MUTEX)
set(forms lock_free with_mutex)
set(symbol unlatch_backend_of_this_program)

file(REMOVE_RECURSE ${WORK_DIRECTORY})
file(MAKE_DIRECTORY ${WORK_DIRECTORY})

function(expect_success)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE result OUTPUT_VARIABLE output
    ERROR_VARIABLE output WORKING_DIRECTORY ${WORK_DIRECTORY})
  if(NOT result EQUAL 0)
    list(JOIN ARGV " " command)
    message(FATAL_ERROR "failed with ${result}: ${command}\n${output}")
  endif()
endfunction()

function(expect_failure message)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output
    ERROR_VARIABLE output WORKING_DIRECTORY ${WORK_DIRECTORY})
  list(JOIN ARGN " " command)
  if(result EQUAL 0)
    message(FATAL_ERROR "was not refused: ${command}")
  elseif(NOT output MATCHES "${message}")
    message(FATAL_ERROR "failed, but not with '${message}': ${command}\n${output}")
  endif()
endfunction()

# Compiles sources in both forms, to <variant>_<form>_<source>.o.
function(compile_both variant flags)
  foreach(form IN LISTS forms)
    foreach(source IN LISTS ARGN)
      expect_success(${compile} ${flags} ${${form}} -I ${INCLUDE_DIRECTORY}
        -c ${SOURCE_DIRECTORY}/${source}.cpp -o ${variant}_${form}_${source}.o)
    endforeach()
  endforeach()
endfunction()

# Links each form of one object with each form of the other. FORM in their names stands for it.
function(check_pairs link main registry)
  foreach(one IN LISTS forms)
    string(REPLACE FORM ${one} program ${main})
    foreach(other IN LISTS forms)
      string(REPLACE FORM ${other} part ${registry})
      if(one STREQUAL other)
        expect_success(${link} ${program} ${part} hits.o -o program)
        expect_success(./program)
      else()
        expect_failure(${symbol} ${link} ${program} ${part} hits.o -o mixed)
      endif()
    endforeach()
  endforeach()
endfunction()

expect_success(${compile} -I ${INCLUDE_DIRECTORY} -c ${SOURCE_DIRECTORY}/hits.cpp -o hits.o)
file(WRITE ${WORK_DIRECTORY}/nothing.cpp "int main() {}\n")
compile_both(plain -O0 main registry)
set(sections -O2 -fPIC -ffunction-sections -fdata-sections -fvisibility=hidden)
compile_both(sections "${sections}" main registry host)
foreach(form IN LISTS forms)
  expect_success(${AR} rcs ${form}.a plain_${form}_registry.o)
endforeach()

set(checked)
foreach(linker IN ITEMS bfd lld)
  set(link ${compile} -fuse-ld=${linker})
  execute_process(COMMAND ${link} nothing.cpp -o nothing RESULT_VARIABLE missing
    OUTPUT_QUIET ERROR_QUIET WORKING_DIRECTORY ${WORK_DIRECTORY})
  if(missing)
    continue()
  endif()
  list(APPEND checked ${linker})

  check_pairs("${link}" plain_FORM_main.o plain_FORM_registry.o)
  check_pairs("${link}" plain_FORM_main.o FORM.a)
  set(strip -Wl,--gc-sections -Wl,--strip-all)
  check_pairs("${link};${strip}" sections_FORM_main.o sections_FORM_registry.o)

  # Shared libraries are linked whatever their form is, and looked at when they are loaded.
  foreach(form IN LISTS forms)
    expect_success(${link} ${strip} -shared sections_${form}_registry.o -o ${form}.so)
    expect_success(${link} ${strip} sections_${form}_host.o -ldl -o ${form}_host)
  endforeach()
  foreach(one IN LISTS forms)
    foreach(other IN LISTS forms)
      expect_success(${link} ${strip} sections_${one}_main.o hits.o ./${other}.so
        -o ${one}_with_${other})
      if(one STREQUAL other)
        expect_success(./${one}_with_${other})
        expect_success(./${one}_host ./${other}.so)
      else()
        set(refusal "one program, two forms of unlatch::map")
        expect_failure(${refusal} ./${one}_with_${other})
        expect_failure(${refusal} ./${one}_host ./${other}.so)
      endif()
    endforeach()
  endforeach()

  # Link-time optimisation, where this linker can do it for this compiler. GNU's is at odds with the
  # folded constructors of AddressSanitizer.
  set(kinds lto lto=thin)
  if(CXX_FLAGS MATCHES "-fsanitize=")
    set(kinds)
  endif()
  foreach(lto IN LISTS kinds)
    execute_process(COMMAND ${link} -f${lto} nothing.cpp -o nothing RESULT_VARIABLE missing
      OUTPUT_QUIET ERROR_QUIET WORKING_DIRECTORY ${WORK_DIRECTORY})
    if(missing)
      continue()
    endif()
    list(APPEND checked ${linker}-f${lto})
    if(NOT EXISTS ${WORK_DIRECTORY}/${lto}_lock_free_main.o)
      compile_both(${lto} "-O1;-f${lto}" main registry)
    endif()
    check_pairs("${link};-O1;-f${lto}" ${lto}_FORM_main.o ${lto}_FORM_registry.o)
    check_pairs("${link};-O1;-f${lto}" ${lto}_FORM_main.o plain_FORM_registry.o)
  endforeach()
endforeach()

if(NOT checked)
  message(FATAL_ERROR "no linker was found")
endif()
message(STATUS "checked with ${CXX_COMPILER}: ${checked}")
