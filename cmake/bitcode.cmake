# The kernels and skeletons once more, as LLVM bitcode inside the executable.
#
#   sanku_bitcode(<target> FROM <folder>…)
#
# Each .cpp (but *_native.cpp) goes through clang to its own .bc; llvm-link makes one module of them;
# an assembler file embeds it. Whoever links <target> has
#
#   extern "C" const unsigned char <target>_begin[], <target>_end[];
#
# Optimised here, once, so that generated code inlines small bodies: each use would otherwise be
# cleaned up anew. Loops stay as they are written, because what stands in them is not known yet. No exceptions, RTTI, stack protector or identification strings: the module is
# merged into generated code, and has to inline there. Sanitizers are added to generated code by the
# JIT itself, so never here.

set(SANKU_BITCODE_FLAGS -std=gnu++20 -O2 -fno-vectorize -fno-slp-vectorize -fno-unroll-loops
    -emit-llvm -c
    -fno-exceptions -fno-rtti -ffp-contract=off -fno-math-errno -fno-stack-protector
    -fno-sanitize=all -fno-ident -g0 -Wall -Wextra -Wno-undefined-internal)

function(sanku_bitcode name)
  cmake_parse_arguments(PARSE_ARGV 1 bitcode "" "" "FROM")
  find_program(SANKU_CLANG clang++-19 REQUIRED)
  find_program(SANKU_LLVM_LINK llvm-link-19 REQUIRED)

  set(modules)
  foreach(folder IN LISTS bitcode_FROM)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.cpp)
    list(FILTER sources EXCLUDE REGEX "_native\\.cpp$")
    foreach(source IN LISTS sources)
      cmake_path(RELATIVE_PATH source BASE_DIRECTORY ${CMAKE_SOURCE_DIR} OUTPUT_VARIABLE relative)
      set(module ${CMAKE_BINARY_DIR}/bitcode/${relative}.bc)
      cmake_path(GET module PARENT_PATH module_folder)
      file(MAKE_DIRECTORY ${module_folder})
      add_custom_command(
        OUTPUT ${module}
        COMMAND ${SANKU_CLANG} ${SANKU_BITCODE_FLAGS} -I${CMAKE_SOURCE_DIR}
                -MD -MT ${module} -MF ${module}.d ${source} -o ${module}
        DEPENDS ${source}
        DEPFILE ${module}.d
        COMMENT "Bitcode of ${relative}"
        VERBATIM)
      list(APPEND modules ${module})
    endforeach()
  endforeach()
  if(NOT modules)
    add_library(${name} INTERFACE)
    return()
  endif()

  set(linked ${CMAKE_BINARY_DIR}/bitcode/${name}.bc)
  add_custom_command(
    OUTPUT ${linked}
    COMMAND ${SANKU_LLVM_LINK} ${modules} -o ${linked}
    DEPENDS ${modules}
    COMMENT "Linking bitcode ${name}"
    VERBATIM)
  set(embedding ${CMAKE_BINARY_DIR}/bitcode/${name}.S)
  file(CONFIGURE OUTPUT ${embedding} @ONLY CONTENT [[
        .section .rodata
        .balign 16
        .globl @name@_begin
        .globl @name@_end
@name@_begin:
        .incbin "@linked@"
@name@_end:
        .byte 0
        .section .note.GNU-stack,"",@progbits
]])
  set_source_files_properties(${embedding} PROPERTIES OBJECT_DEPENDS ${linked})
  add_library(${name} STATIC ${embedding})
endfunction()
