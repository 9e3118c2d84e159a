# Benchmarks: bench_micro (Google Benchmark, one function each) and bench_run (whole runs; prints
# JSON). Built with everything else so that they cannot rot; run by ./dev bench.

get_property(rooms GLOBAL PROPERTY SANKU_ROOMS)
sanku_program(bench_micro FROM bench/micro
              DEPS ${rooms} benchmark::benchmark benchmark::benchmark_main)
sanku_program(bench_run FROM bench/run DEPS ${rooms} CLI11::CLI11 fmt::fmt)
