# What only mlsd's own tests, examples and benchmarks want; a project that adds mlsd to its own never sees it.

set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)

option(MLSD_WERROR "Warnings of our own code are errors" OFF)
option(MLSD_REPRODUCIBLE "Link mlsd::reproducible into our own programs" OFF)
set(MLSD_SANITIZE "" CACHE STRING "Sanitizers for tests and examples, such as address,undefined")

if(NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(MLSD_CCACHE ccache)
  if(MLSD_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${MLSD_CCACHE})
  endif()
endif()

if((CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 12)
   OR (CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 16))
  message(FATAL_ERROR "mlsd needs g++ 12 or clang 16 or newer; ${CMAKE_CXX_COMPILER} is "
                      "${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}.")
endif()

set(MLSD_WARNINGS -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow)
if(MLSD_WERROR)
  list(APPEND MLSD_WARNINGS -Werror)
endif()

# Our own programs: all warnings, and the sanitizers of this build.
function(mlsd_program target)
  target_compile_options(${target} PRIVATE ${MLSD_WARNINGS})
  if(MLSD_REPRODUCIBLE)
    target_link_libraries(${target} PRIVATE mlsd::reproducible)
  endif()
  if(MLSD_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${MLSD_SANITIZE} -fno-sanitize-recover=all
                                             -fno-omit-frame-pointer)
    target_link_options(${target} PRIVATE -fsanitize=${MLSD_SANITIZE})
  endif()
endfunction()
