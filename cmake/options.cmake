# Build type, sanitizers, warnings, compiler cache: everything that is about how, not what.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS ON)  # __int128 is the type of decimal arithmetic
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)  # clang-tidy reads it
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "Build type" FORCE)
endif()
# -g1 keeps function names and lines for stack traces; -g would triple the size of each link.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")

# Compiled rules are kept by the build that made them (tools/engine/start.cpp).
add_link_options(-Wl,--build-id=sha1)

# One meaning: the native build and the bitcode of the kernels must round alike, so neither fuses.
add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-ffp-contract=off>)

option(SANKU_SANITIZE "AddressSanitizer and UndefinedBehaviorSanitizer on everything" OFF)
if(SANKU_SANITIZE)
  set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -g1")
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fsanitize=address,undefined>
                      $<$<COMPILE_LANGUAGE:CXX>:-fno-sanitize-recover=undefined>
                      $<$<COMPILE_LANGUAGE:CXX>:-fno-omit-frame-pointer>
                      # g++ 12 loses track of initialisation through its own instrumentation.
                      $<$<COMPILE_LANGUAGE:CXX>:-Wno-maybe-uninitialized>)
  add_link_options(-fsanitize=address,undefined)
  add_compile_definitions(SANKU_SANITIZE=1)
endif()

option(SANKU_THREAD "ThreadSanitizer on everything; not with SANKU_SANITIZE" OFF)
if(SANKU_THREAD)
  set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -g1")
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fsanitize=thread>)
  add_link_options(-fsanitize=thread)
  add_compile_definitions(SANKU_THREAD=1)
endif()

option(SANKU_FUZZ "libFuzzer, ASan and UBSan, with clang++" OFF)
if(SANKU_FUZZ)
  set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -g1")
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fsanitize=address,undefined,fuzzer-no-link>
                      $<$<COMPILE_LANGUAGE:CXX>:-fno-sanitize-recover=undefined>)
  add_link_options(-fsanitize=address,undefined)
endif()

# For our own targets only; generated and third-party code does not get them.
set(SANKU_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion
    -Werror=switch -Werror=return-type)

find_program(SANKU_CCACHE ccache)
if(SANKU_CCACHE)
  # The sloppiness is what ccache asks for before it caches users of precompiled headers.
  set(launcher ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${SANKU_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
endif()
