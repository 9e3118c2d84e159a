# Benchmarks: bench_micro (Google Benchmark, one function each) and bench_run (whole runs; prints
# JSON). Built with everything else so that they cannot rot; run by ./dev bench.

get_property(rooms GLOBAL PROPERTY SANKU_ROOMS)
sanku_program(bench_micro FROM bench/micro
              DEPS ${rooms} benchmark::benchmark benchmark::benchmark_main)

# The hand-written rules are the ceiling: whatever the compiler can do for this machine.
sanku_room(bench/data  DEPS sanku_tools_generate fmt::fmt)
sanku_room(bench/limit DEPS sanku_runtime_types)
target_compile_options(sanku_bench_limit PRIVATE -O3 -march=native)
sanku_program(bench_run FROM bench/run
              DEPS sanku_bench_data sanku_bench_limit ${rooms} CLI11::CLI11 fmt::fmt
                   simdjson::simdjson)

# No number without equal findings: by hand, by the evaluator, by compiled rules.
add_test(NAME bench.finds_the_same COMMAND bench_run --check
         WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
add_test(NAME bench.library_finds_the_same COMMAND bench_run --check-library
         WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
# The ceiling is a fixed program: who changes it says so by its digest.
add_test(NAME bench.ceiling_is_fixed
         COMMAND sha256sum --check --strict bench/limit/limit.sha256
         WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
add_test(NAME bench.report_page
         COMMAND ${Python3_EXECUTABLE} -B bench/report_test.py
         WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
