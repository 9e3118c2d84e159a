# Everything from outside, all of it Debian 12 packages (packages.txt). Imported targets are system
# headers to the compiler, so their warnings are not ours.

find_package(fmt 9 REQUIRED)
find_package(tl-expected REQUIRED)
find_package(simdjson 3 REQUIRED)
find_package(CLI11 REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL 3 REQUIRED COMPONENTS Crypto)
find_package(GTest REQUIRED)
find_package(benchmark REQUIRED)
find_package(Python3 REQUIRED COMPONENTS Interpreter)

# libcsv has no package file of its own.
find_path(SANKU_CSV_INCLUDE csv.h REQUIRED)
find_library(SANKU_CSV_LIBRARY csv REQUIRED)
mark_as_advanced(SANKU_CSV_INCLUDE SANKU_CSV_LIBRARY)
add_library(Sanku::csv UNKNOWN IMPORTED)
set_target_properties(Sanku::csv PROPERTIES IMPORTED_LOCATION ${SANKU_CSV_LIBRARY}
                      INTERFACE_INCLUDE_DIRECTORIES ${SANKU_CSV_INCLUDE})

# Nor have LZ4 and xxHash; of the latter only the header is used.
find_path(SANKU_LZ4_INCLUDE lz4frame.h REQUIRED)
find_library(SANKU_LZ4_LIBRARY lz4 REQUIRED)
find_path(SANKU_XXHASH_INCLUDE xxhash.h REQUIRED)
find_path(SANKU_LMDB_INCLUDE lmdb.h REQUIRED)
find_library(SANKU_LMDB_LIBRARY lmdb REQUIRED)
mark_as_advanced(SANKU_LMDB_INCLUDE SANKU_LMDB_LIBRARY SANKU_LZ4_INCLUDE SANKU_LZ4_LIBRARY SANKU_XXHASH_INCLUDE)
add_library(Sanku::lz4 UNKNOWN IMPORTED)
set_target_properties(Sanku::lz4 PROPERTIES IMPORTED_LOCATION ${SANKU_LZ4_LIBRARY}
                      INTERFACE_INCLUDE_DIRECTORIES ${SANKU_LZ4_INCLUDE})
add_library(Sanku::lmdb UNKNOWN IMPORTED)
set_target_properties(Sanku::lmdb PROPERTIES IMPORTED_LOCATION ${SANKU_LMDB_LIBRARY}
                      INTERFACE_INCLUDE_DIRECTORIES ${SANKU_LMDB_INCLUDE})
add_library(Sanku::xxhash INTERFACE IMPORTED)
set_target_properties(Sanku::xxhash PROPERTIES
                      INTERFACE_INCLUDE_DIRECTORIES ${SANKU_XXHASH_INCLUDE}
                      INTERFACE_COMPILE_DEFINITIONS XXH_INLINE_ALL)

# Regular expressions that take linear time. Only runtime/schema/code_form.cpp sees it.
find_path(SANKU_RE2_INCLUDE re2/re2.h REQUIRED)
find_library(SANKU_RE2_LIBRARY re2 REQUIRED)
mark_as_advanced(SANKU_RE2_INCLUDE SANKU_RE2_LIBRARY)
add_library(Sanku::re2 UNKNOWN IMPORTED)
set_target_properties(Sanku::re2 PROPERTIES IMPORTED_LOCATION ${SANKU_RE2_LIBRARY}
                      INTERFACE_INCLUDE_DIRECTORIES ${SANKU_RE2_INCLUDE})

# The solver, and its C++ header. Only compiler/prove sees it.
find_path(SANKU_Z3_INCLUDE z3++.h REQUIRED)
find_library(SANKU_Z3_LIBRARY z3 REQUIRED)
mark_as_advanced(SANKU_Z3_INCLUDE SANKU_Z3_LIBRARY)
add_library(Sanku::z3 UNKNOWN IMPORTED)
set_target_properties(Sanku::z3 PROPERTIES IMPORTED_LOCATION ${SANKU_Z3_LIBRARY}
                      INTERFACE_INCLUDE_DIRECTORIES ${SANKU_Z3_INCLUDE})

find_package(LLVM 19.1 REQUIRED CONFIG HINTS /usr/lib/llvm-19/lib/cmake/llvm)
# The package's own target carries no include directory. Only compiler/codegen and compiler/jit
# name LLVM in CMakeLists.txt; PRIVATE linking there keeps its headers from everyone else.
separate_arguments(SANKU_LLVM_DEFINITIONS NATIVE_COMMAND ${LLVM_DEFINITIONS})
set_property(TARGET LLVM APPEND PROPERTY INTERFACE_INCLUDE_DIRECTORIES ${LLVM_INCLUDE_DIRS})
set(SANKU_PRIVATE_THIRD_PARTY LLVM sanku_grammar simdjson::simdjson tomlplusplus::tomlplusplus
    Sanku::csv Sanku::lmdb Sanku::re2 Sanku::xxhash Sanku::z3)

# Compiling one file that includes LLVM takes 8 to 30 s, most of it these headers.
set(SANKU_LLVM_HEADERS <llvm/ExecutionEngine/Orc/LLJIT.h> <llvm/IR/IRBuilder.h>
    <llvm/IR/LLVMContext.h> <llvm/IR/Module.h> <llvm/IR/Verifier.h> <llvm/Passes/PassBuilder.h>)
